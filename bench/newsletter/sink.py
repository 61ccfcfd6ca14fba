"""A mail server in a process of its own: as fast as Python goes, and it writes down what it took before it says so."""

import asyncio
import os
import re
import sys

PIPELINED = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE | re.IGNORECASE)


class Sink(asyncio.Protocol):
    def __init__(self, log: int) -> None:
        self.log = log
        self.buffer, self.in_data, self.to = bytearray(), False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(b"220 sink\r\n")  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers = []
        while self.buffer:
            answer = self._mail() if self.in_data else self._command()
            if answer is None:
                break
            answers.append(answer)
        self.transport.write(b"".join(answers))  # type: ignore[attr-defined]

    def _mail(self) -> bytes | None:
        end = self.buffer.find(b"\r\n.\r\n")
        if end < 0:
            return None
        found = _ID.search(self.buffer[:2000])
        os.write(self.log, self.to + b" " + (found[1] if found else b"-") + b"\n")
        del self.buffer[: end + 5]
        self.in_data = False
        return b"250 taken\r\n"

    def _command(self) -> bytes | None:
        line, rest, _ = self.buffer.partition(b"\r\n")
        if not rest:
            return None
        del self.buffer[: len(line) + 2]
        verb = bytes(line[:4]).upper()
        if verb == b"RCPT":
            self.to = bytes(line).partition(b"<")[2].partition(b">")[0]
        self.in_data = verb == b"DATA"
        return {b"EHLO": PIPELINED, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 OK\r\n")


async def main(port: int, path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(log), "127.0.0.1", port, reuse_address=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
