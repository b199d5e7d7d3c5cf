// What the help says of the commands that are programs of the labs. (What those programs print is the labs' own.)
import type { Sentence } from './sentence.ts'

export const client = "the messaging lab's client: register, send and get messages, by number" as Sentence
export const clientAddress = 'the server, as 192.168.1.20:5000; asked for if it is not given' as Sentence

export const riddles = 'the riddle server that the messaging lab looks back on, over HTTP' as Sentence
export const riddlesHost = 'the address to listen at' as Sentence
export const riddlesPort = 'the port; 0 takes a free one and prints it' as Sentence
export const riddlesData = 'where the riddles are kept' as Sentence
export const riddlesEmpty = 'begin a new folder without riddles' as Sentence
export const portRange = 'A port is a number from 0 to 65535.' as Sentence

export const happy = 'sockets lab: answers every client with the same happy line' as Sentence
export const echo1 = 'sockets lab, Exercise 1: sends back what each client says' as Sentence
export const echo2 = 'sockets lab, Exercise 2: echoes, counts the connections, says where from' as Sentence
export const echo3 = 'sockets lab, Exercise 3: echoes to five clients, lists them and finishes' as Sentence
export const clientTest = 'sockets lab, Exercise 4: sends five messages, prints the answers' as Sentence
export const talk = 'sockets lab: sends one message over TCP and prints the answer' as Sentence
export const talkMessage = 'what to say; its words are joined by spaces' as Sentence
export const emptyMessage = 'An empty message sends nothing, and gets no answer.' as Sentence
