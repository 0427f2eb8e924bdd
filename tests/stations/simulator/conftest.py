"""A central system of a few lines, with frames of its own, for the simulated stations to meet."""

import asyncio
import base64
import json
from itertools import count

import pytest
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

NOW = "2030-01-01T00:00:00Z"


class CentralSystem:
    def __init__(self):
        self.calls = []
        self.sockets = []
        self.authorizations = []
        self.boot_status = "Accepted"
        self.id_status = "Accepted"
        self.unanswered = set()
        self.url = ""
        self._answers = {}
        self._numbers = count(1)
        self._news = asyncio.Event()
        self._seen = 0

    def payloads(self, action):
        return [payload for name, payload in self.calls if name == action]

    async def next_call(self, action):
        """The payload of the next CALL of that action after those already waited for."""
        async with asyncio.timeout(5):
            while True:
                while self._seen < len(self.calls):
                    name, payload = self.calls[self._seen]
                    self._seen += 1
                    if name == action:
                        return payload
                self._news.clear()
                await self._news.wait()

    async def next_status(self):
        payload = await self.next_call("StatusNotification")
        return payload.get("status") or payload["connectorStatus"]

    async def call(self, action, payload):
        """Send a CALL to the station and return the whole answer frame."""
        message_id = f"c{next(self._numbers)}"
        self._answers[message_id] = asyncio.get_running_loop().create_future()
        await self.sockets[-1].send(json.dumps([2, message_id, action, payload]))
        async with asyncio.timeout(5):
            return await self._answers[message_id]

    async def ask(self, action, payload):
        kind, _, answer = await self.call(action, payload)
        assert kind == 3
        return answer

    async def serve(self, socket):
        self.sockets.append(socket)
        self.authorizations.append(socket.request.headers.get("Authorization"))
        try:
            async for text in socket:
                await self.take(socket, json.loads(text))
        except ConnectionClosed:
            pass

    async def take(self, socket, frame):
        if frame[0] != 2:
            self._answers[frame[1]].set_result(frame)
            return
        _, message_id, action, payload = frame
        self.calls.append((action, payload))
        self._news.set()
        if action in self.unanswered:
            return
        answer = self.answer(action)
        if answer is None:
            await socket.send(json.dumps([4, message_id, "NotImplemented", "no such action", {}]))
        else:
            await socket.send(json.dumps([3, message_id, answer]))

    def answer(self, action):
        token = {"status": self.id_status}
        started = {"transactionId": 700 + len(self.payloads("StartTransaction"))}
        return {
            "BootNotification": {"status": self.boot_status, "currentTime": NOW, "interval": 300},
            "Heartbeat": {"currentTime": NOW},
            "Authorize": {"idTagInfo": token} if self.is_v16 else {"idTokenInfo": token},
            "StartTransaction": {**started, "idTagInfo": token},
            "TransactionEvent": {"idTokenInfo": token},
            "StatusNotification": {},
            "StopTransaction": {},
            "MeterValues": {},
            "NotifyReport": {},
            "NotifyEvent": {},
            "FirmwareStatusNotification": {},
            "DiagnosticsStatusNotification": {},
            "LogStatusNotification": {},
        }.get(action)

    @property
    def is_v16(self):
        return self.sockets[-1].subprotocol == "ocpp1.6"

    def basic_auth(self, number=-1):
        return base64.b64decode(self.authorizations[number].removeprefix("Basic "))


@pytest.fixture
async def central():
    system = CentralSystem()
    protocols = ["ocpp1.6", "ocpp2.0.1"]
    async with serve(system.serve, "127.0.0.1", 0, subprotocols=protocols) as server:
        host, port = server.sockets[0].getsockname()
        system.url = f"ws://{host}:{port}/ocpp"
        yield system
