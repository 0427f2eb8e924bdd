"""Both servers over real sockets: refusals, faulty frames, back-pressure, leaving."""

import json
import os
import signal
import socket
import threading

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode

LIMIT_BYTES = 1024 * 1024


def refusal(server, path):
    with pytest.raises(InvalidStatus) as caught:
        server.connect(path)
    return caught.value.response


def close_code(websocket):
    with pytest.raises(ConnectionClosed) as caught:
        websocket.recv(timeout=10)
    return caught.value.rcvd.code


def test_ready_line_is_the_url(server):
    assert server.first_line == f"http://127.0.0.1:{server.port}"


def test_node_is_started_before_requests(server):
    assert server.ask()["started"] is True


def test_subprotocol_is_echoed(server):
    with server.connect("/ocpp/CS1", subprotocols=["ocpp1.6", "ocpp2.0.1"]) as websocket:
        assert websocket.subprotocol == "ocpp1.6"


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, LIMIT_BYTES])
def test_text_of_every_length_class_is_echoed(server, length):
    with server.connect("/ocpp/CS1", max_size=None) as websocket:
        websocket.send("x" * length)
        assert websocket.recv(timeout=10) == "x" * length


def test_binary_and_letters_outside_ascii_are_echoed(server):
    with server.connect("/ocpp/CS1") as websocket:
        websocket.send(b"\xff\x00")
        websocket.send("Œuvré ⚡")
        assert websocket.recv(timeout=10) == b"\xff\x00"
        assert websocket.recv(timeout=10) == "Œuvré ⚡"


def test_fragments_are_one_message(server):
    with server.connect("/ocpp/CS1") as websocket:
        websocket.send(["one ", "two ", "three"])
        assert websocket.recv(timeout=10) == "one two three"


def test_ping_between_messages_is_answered(server):
    with server.connect("/ocpp/CS1") as websocket:
        websocket.send("before")
        assert websocket.ping().wait(timeout=10)
        websocket.send("after")
        assert [websocket.recv(timeout=10) for _ in range(2)] == ["before", "after"]


@pytest.mark.parametrize("status", [400, 404])
def test_handshake_is_refused_with_status_and_body(server, status):
    response = refusal(server, f"/refuse/{status}")
    assert response.status_code == status
    assert response.body == b"no entry"


def test_refusal_carries_headers(server):
    response = refusal(server, "/refuse/401")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="stations"'


def test_close_before_accept_is_403(server):
    assert refusal(server, "/close-early/").status_code == 403


def test_broken_application_is_500(server):
    assert refusal(server, "/fail/").status_code == 500


@pytest.mark.parametrize("code", [1000, 1001, 1008, 3000])
def test_application_closes_with_any_code(server, code):
    with server.connect(f"/close/{code}") as websocket:
        assert close_code(websocket) == code
        assert websocket.close_reason == "enough"


def test_socket_of_an_application_that_left_is_closed(server):
    with server.connect("/leave/") as websocket, pytest.raises(ConnectionClosed):
        websocket.recv(timeout=10)


def test_oversize_frame_closes_with_1009(server):
    with server.connect("/ocpp/CS1") as websocket:
        websocket.send("x" * (LIMIT_BYTES + 1))
        assert close_code(websocket) == 1009


def test_oversize_message_of_small_fragments_closes_with_1009(server):
    with server.connect("/ocpp/CS1") as websocket:
        websocket.send(["x" * 1000] * (LIMIT_BYTES // 1000 + 1))
        assert close_code(websocket) == 1009


@pytest.mark.parametrize("payload", [b"[2,\xff\xff]", b"\xc3" + b"x" * 70_000])
def test_text_that_is_not_utf8_closes_with_1007(server, payload):
    with server.connect("/ocpp/CS1") as websocket:
        websocket.send(payload, text=True)
        assert close_code(websocket) == 1007


def test_malformed_frame_closes_with_1002(server):
    with server.connect("/ocpp/CS1") as websocket:
        websocket.socket.sendall(Frame(Opcode.TEXT, b"not masked").serialize(mask=False))
        assert close_code(websocket) == 1002


def test_faulty_handshake_is_400(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"GET /ocpp/CS1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n")
        raw.sendall(b"Connection: Upgrade\r\n\r\n")
        assert b" 400 " in raw.recv(1000)


def test_no_fault_of_a_peer_leaves_a_traceback(fresh_server):
    test_oversize_frame_closes_with_1009(fresh_server)
    test_text_that_is_not_utf8_closes_with_1007(fresh_server, b"\xff")
    test_malformed_frame_closes_with_1002(fresh_server)
    test_faulty_handshake_is_400(fresh_server)
    fresh_server.terminate()
    assert "Traceback" not in fresh_server.finish()[2]


def test_flood_waits_outside_while_the_application_does_not_read(fresh_server):
    frames = 20_000
    with fresh_server.connect("/wait/", max_size=None) as websocket:
        flood = threading.Thread(
            target=lambda: [websocket.send(f"{n} ".ljust(1000)) for n in range(frames)]
        )
        flood.start()
        queued = [0, 1, 2]
        while queued[-1] == 0 or len(set(queued[-3:])) > 1:
            queued.append(fresh_server.ask()["queued"])
        assert flood.is_alive()
        assert queued[-1] <= (65 if fresh_server.kind == "daphne" else 600)
        fresh_server.ask("/release")
        flood.join(timeout=30)
        websocket.send("end")
        assert json.loads(websocket.recv(timeout=30)) == list(range(frames))


def test_peer_that_reads_nothing_is_not_read_either(fresh_server):
    with fresh_server.connect("/ocpp/CS1") as websocket:
        raw = socket.create_connection(("127.0.0.1", fresh_server.port), timeout=2)
        raw.sendall(websocket.request.serialize())
        assert b" 101 " in raw.recv(1000)
        frame = Frame(Opcode.TEXT, b"x" * 60_000).serialize(mask=True)
        with pytest.raises(TimeoutError):
            raw.sendall(frame * 1000)
        raw.close()
        websocket.send("others are served")
        assert websocket.recv(timeout=10) == "others are served"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_server_answers_what_it_took_in_and_closes_with_1001(fresh_server, number):
    with fresh_server.connect("/late/") as websocket, fresh_server.connect("/ocpp/1") as idle:
        websocket.send("question")
        assert websocket.recv(timeout=10) == "taken"
        fresh_server.terminate(number)
        assert websocket.recv(timeout=10) == "question"
        assert close_code(websocket) == 1001
        assert close_code(idle) == 1001
    code, output, errors = fresh_server.finish()
    assert code == 0
    assert sorted(output.split("\n")) == ["", "closed 1001", "closed 1001", "drained", "ended"]
    assert "Traceback" not in errors


def test_several_uvicorn_processes_serve_one_port_and_drain(start_server):
    server = start_server("uvicorn", workers=2)
    assert server.first_line == f"http://127.0.0.1:{server.port}"
    with server.connect("/late/") as websocket:
        websocket.send("question")
        assert websocket.recv(timeout=10) == "taken"
        server.terminate()
        assert websocket.recv(timeout=10) == "question"
        assert close_code(websocket) == 1001
    assert server.finish()[1].count("drained") == 2


def test_taken_address_is_an_error(server, start_server):
    code, _, errors = start_server(server.kind, port=server.port).finish()
    assert code != 0
    assert str(server.port) in errors


def test_leaving_does_not_wait_for_a_dead_peer(fresh_server):
    websocket = fresh_server.connect("/ocpp/CS1")
    websocket.socket.shutdown(socket.SHUT_RD)
    os.kill(fresh_server.process.pid, signal.SIGTERM)
    assert fresh_server.finish()[0] == 0
    websocket.socket.close()
