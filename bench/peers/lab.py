"""The messaging lab as a class writes it: Flask, SQLAlchemy, SQLite, and Flask's own development server.

Run as `python3 lab.py PORT FOLDER`. It keeps what the lab's table of routes asks for and nothing more: it is here to be
measured beside Hullo.
"""

import logging
import sys

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy

SUCCESS, USER_EXISTS, USER_DOES_NOT_EXIST, AUTHENTICATION_FAILED = "1", "10", "11", "12"

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{sys.argv[2]}/lab.sqlite"
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String, unique=True, nullable=False)
    password = db.Column(db.String, nullable=False)


class Message(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    sender_id = db.Column(db.Integer, db.ForeignKey("user.id"), nullable=False)
    recipient_id = db.Column(db.Integer, db.ForeignKey("user.id"), nullable=False)
    text = db.Column(db.String, nullable=False)
    timestamp = db.Column(db.Float, nullable=False)


def find(username):
    return User.query.filter_by(username=username).first()


@app.post("/register")
def register():
    fields = request.get_json()
    if find(fields["username"]):
        return USER_EXISTS
    db.session.add(User(username=fields["username"], password=fields["password"]))
    db.session.commit()
    return SUCCESS


@app.post("/")
def send():
    fields = request.get_json()
    sender, recipient = find(fields["sender"]), find(fields["recipient"])
    if sender is None or recipient is None:
        return USER_DOES_NOT_EXIST
    db.session.add(
        Message(
            sender_id=sender.id,
            recipient_id=recipient.id,
            text=fields["message"],
            timestamp=fields["timestamp"],
        )
    )
    db.session.commit()
    return SUCCESS


@app.get("/get_messages")
def get_messages():
    recipient = find(request.args["username"])
    if recipient is None:
        return jsonify(messages=[])
    names = {user.id: user.username for user in User.query.all()}
    found = Message.query.filter_by(recipient_id=recipient.id).order_by(Message.id).all()
    return jsonify(
        messages=[
            {
                "id": one.id,
                "sender": names[one.sender_id],
                "recipient": recipient.username,
                "message": one.text,
                "timestamp": one.timestamp,
            }
            for one in found
        ]
    )


# A line for each request would be measured with it.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
with app.app_context():
    db.create_all()
app.run(host="127.0.0.1", port=int(sys.argv[1]))
