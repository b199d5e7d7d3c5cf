"""A messaging server as a student of the lab would have it: Flask, Flask-SQLAlchemy, SQLite, five helpers, four routes.

    python3 flask_server.py PORT FOLDER [--jsonify] [--newest-first]

It stands for the servers that the checker must pass.
"""
import os
import sys

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy

SUCCESS, USER_EXISTS, NO_USER, AUTH_FAILED = 1, 10, 11, 12

app = Flask(__name__)
app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///' + os.path.join(os.path.abspath(sys.argv[2]), 'messages.db')
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(120), unique=True, nullable=False)
    password = db.Column(db.String(120), nullable=False)


class Message(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    sender = db.Column(db.String(120), nullable=False)
    recipient = db.Column(db.String(120), nullable=False)
    message = db.Column(db.String(80), nullable=False)
    timestamp = db.Column(db.Float, unique=True, nullable=False)


def check_username_password(username, password):
    user = User.query.filter_by(username=username).first()
    return SUCCESS if user is not None and user.password == password else AUTH_FAILED


def find_user_from_db(username):
    return USER_EXISTS if User.query.filter_by(username=username).first() else NO_USER


def register_user_to_db(username, password):
    db.session.add(User(username=username, password=password))
    db.session.commit()
    return SUCCESS


def save_message_to_db(sender, recipient, message, timestamp):
    db.session.add(Message(sender=sender, recipient=recipient, message=message, timestamp=timestamp))
    db.session.commit()
    return SUCCESS


def get_messages_from_db(person):
    order = Message.id.desc() if '--newest-first' in sys.argv else Message.id
    found = Message.query.filter_by(recipient=person).order_by(order)
    fields = ('sender', 'message', 'timestamp')
    return {'messages': [{field: getattr(each, field) for field in fields} for each in found]}


def answer(code):
    return jsonify(code) if '--jsonify' in sys.argv else str(code)


@app.route('/register', methods=['POST'])
def register():
    data = request.get_json()
    if find_user_from_db(data['username']) == USER_EXISTS:
        return answer(USER_EXISTS)
    return answer(register_user_to_db(data['username'], data['password']))


@app.route('/auth', methods=['GET'])
def authenticate():
    data = request.get_json()
    return answer(check_username_password(data['username'], data['password']))


@app.route('/', methods=['POST'])
def send_message():
    data = request.get_json()
    return answer(save_message_to_db(data['sender'], data['recipient'], data['message'], data['timestamp']))


# With a slash at the end Flask redirects first, and the lab's client follows.
@app.route('/get_messages/' if '--jsonify' in sys.argv else '/get_messages', methods=['GET'])
def get_messages():
    return get_messages_from_db(request.get_json()['username'])


with app.app_context():
    db.create_all()
app.run('127.0.0.1', int(sys.argv[1]))
