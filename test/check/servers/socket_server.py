"""The socket servers of the lab in plain Python, right or with one fault.

    python3 socket_server.py happy|echo1|echo2|echo3 PORT [--no-newline] [--buffer N] [--fault NAME]

Right, they stand for students' servers that the checker must pass; each fault is one that it must find.
"""
import argparse
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument('lab')
parser.add_argument('port', type=int)
parser.add_argument('--no-newline', action='store_true')
parser.add_argument('--buffer', type=int, default=2048)
parser.add_argument('--fault', default='')
options = parser.parse_args()
fault = options.fault
lab = options.lab
newline = '' if options.no_newline else '\n'

if fault == 'crash':
    raise RuntimeError('cannot start')

ls = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
if fault != 'no-reuse':
    ls.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
ls.bind(('127.0.0.1', options.port + 1 if fault == 'other-port' else options.port))
ls.listen()
if fault != 'not-configured':
    print('The server is configured!')

clients = []
kept = []
previous = 'nothing yet'
first_message = None
last = 4 if fault == 'ends-early' else 5


def receive(cs):
    if fault == 'waits-for-end':
        return b''.join(iter(lambda: cs.recv(options.buffer), b''))
    return cs.recv(options.buffer)


def console(address, message):
    number = 1 if fault == 'always-one' else len(clients) - 1 if fault == 'from-zero' else len(clients)
    if lab in ('happy', 'echo1'):
        print('A client has connected to the server!')
    elif fault == 'no-address':
        print(f'CONNECTION {number}.')
    elif fault == 'no-count':
        print(f'CONNECTION. Client IP,PORT: {address}')
    else:
        print(f'CONNECTION {number}. Client IP,PORT: {address}')
    if fault != 'no-message':
        print('Message received:', message if lab == 'happy' else message if fault == 'no-colour' else f'\033[32m{message}\033[0m')


def reply(message):
    global first_message, previous
    first_message = first_message or message
    before, previous = previous, message
    if lab == 'happy':
        return 'Hi.' if fault == 'no-hello' else 'HELLO. I am the Happy Server :-)'
    return {
        'no-prefix': message,
        'no-space': 'ECHO:' + message,
        'first-again': 'ECHO: ' + first_message,
        'previous': 'ECHO: ' + before,
        'first-odd': 'ECHO: ' + message if len(clients) > 1 else 'ready',
        'upper': 'ECHO: ' + message.upper(),
        'bytes': f'ECHO: {message.encode()}',
    }.get(fault, 'ECHO: ' + message)


try:
    if fault == 'waiting-once':
        print('Waiting for Clients to connect')
    while True:
        if fault != 'waiting-once':
            print('Waiting for Clients to connect')
        (cs, address) = ls.accept()
        clients.append(address)
        message = receive(cs).decode()
        console(address, message)
        if fault != 'no-answer':
            cs.send((reply(message) + newline).encode())
        if fault == 'no-close':
            kept.append(cs)
        else:
            cs.close()
        if fault == 'crash-after-first':
            raise RuntimeError('cannot go on')
        if fault == 'once':
            break
        if fault == 'second-waits':
            pair = socket.socketpair()
            pair[0].recv(1)  # for ever
        if lab == 'echo3' and len(clients) >= last and fault != 'never-ends':
            break
except KeyboardInterrupt:
    if fault == 'no-interrupt':
        raise
    print('Server stopped by the user')
    ls.close()
    sys.exit()

if lab == 'echo3' and fault != 'no-list':
    print('The following clients has connected to the server: ')
    for number, client in enumerate(clients if fault != 'list-of-last' else clients[-1:]):
        print(f'Client {number}: {client}')
ls.close()
sys.exit(1 if fault == 'exit-code' else 0)
