#!/usr/bin/env python3
"""Serves one GGUF model on loopback by llama.cpp's HTTP server, in both wire formats, until told to stop.

/v1/chat/completions and /v1/messages answer at the port written to RUN/NAME.port, and this process's id is in
RUN/NAME.pid. Both files appear when the model answers, and go when the process ends. It ends on SIGTERM and SIGINT,
and when the process named by --parent is gone.

Models without a chat template of their own (--template plain) get questions and answers in plain text, with stop
strings, since a base model never ends its turn by itself.
"""

import argparse
import os
import pathlib
import signal
import socket
import sys
import threading
import urllib.error
import urllib.request

HOST = "127.0.0.1"
SEED = 7

PLAIN_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] }}\n\n"
    "{% elif message['role'] == 'user' %}Question: {{ message['content'] }}\n"
    "{% else %}Answer: {{ message['content'] }}\n{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}Answer:{% endif %}"
)
PLAIN_STOPS = ["\nQuestion:", "\nAnswer:", "\n\n"]


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="GGUF file")
    parser.add_argument("--name", required=True, help="the model id that answers carry")
    parser.add_argument("--run", type=pathlib.Path, required=True, help="folder for the .pid and .port files")
    parser.add_argument("--port", type=int, default=0, help="wanted port; another is taken if it is in use")
    parser.add_argument("--slots", type=int, default=8, help="answers in flight")
    parser.add_argument("--context", type=int, default=1024, help="tokens a slot, prompt and answer together")
    parser.add_argument("--threads", type=int, default=0, help="0: half of the processors, for two servers")
    parser.add_argument("--template", choices=["own", "plain"], default="own")
    parser.add_argument("--parent", type=int, default=0, help="process id; end when it is gone")
    parser.add_argument("--seconds", type=float, default=300, help="how long loading may take")
    return parser.parse_args()


def free_port(wanted):
    """The wanted port if nobody listens there, else one that the system picks."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError(f"no free port on {HOST}")


def healthy(port):
    """Whether the server says that its model is loaded."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def write(path, number):
    """Writes a file whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(f"{number}\n")
    part.replace(path)


def gone(pid):
    """Whether no process has this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def started(options, port):
    """The running server."""
    import xllamacpp

    threads = options.threads or max(1, len(os.sched_getaffinity(0)) // 2)
    params = xllamacpp.CommonParams()
    params.model.path = str(options.model)
    params.model_alias = {options.name}
    params.hostnames = [HOST]
    params.port = port
    params.n_parallel = options.slots
    params.n_ctx = options.context * options.slots
    params.sampling.seed = SEED
    # Short questions that differ: keeping finished prompts would cost memory (up to 8 GB) and win nothing.
    params.cache_ram_mib = 0
    params.n_ctx_checkpoints = 0
    # Waiting threads that spin would take the processor from the other model and from the client.
    for set_of_threads in (params.cpuparams, params.cpuparams_batch):
        set_of_threads.n_threads = threads
        set_of_threads.poll = 0
    if options.template == "plain":
        params.use_jinja = True
        params.chat_template = PLAIN_TEMPLATE
        params.antiprompt = PLAIN_STOPS
    return xllamacpp.Server(params)


def main():
    """Serves until told to stop; returns the exit code."""
    options = arguments()
    if not options.model.is_file():
        print(f"no model at {options.model}; run scripts/models fetch", file=sys.stderr)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    options.run.mkdir(parents=True, exist_ok=True)
    pid_file, port_file = (options.run / f"{options.name}.{what}" for what in ("pid", "port"))
    port_file.unlink(missing_ok=True)
    write(pid_file, os.getpid())
    try:
        port = free_port(options.port)
        server = started(options, port)
        for _ in range(int(options.seconds * 5)):
            if healthy(port) or stop.wait(0.2):
                break
        else:
            print(f"{options.name} was not ready after {options.seconds:g} s", file=sys.stderr)
            return 1
        write(port_file, port)
        print(f"{options.name} answers at http://{server.listening_address or f'{HOST}:{port}'}", flush=True)
        while not stop.wait(1):
            if options.parent and gone(options.parent):
                break
        return 0
    finally:
        for path in (port_file, pid_file):
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    CODE = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(CODE)  # the server's own threads would keep the process alive
