// A client of ptrmd's line protocol for Node: node client.mjs SOCKET [FILE]
//
//     const client = await Client.connect("/tmp/ptrmd.sock");
//     const answer = await client.request({ task: "sudoku", puzzle: "53..7...." });
import { open as openFile } from "node:fs/promises";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

/** The connection ended before the answer came; `reply` is the daemon's word on it, where it gave one. */
export class ConnectionLost extends Error {
    constructor(message, reply = null) {
        super(message);
        this.name = "ConnectionLost";
        this.reply = reply;
    }
}

export class Client {
    #socket;
    #next = 0;
    #waiting = new Map();
    #closed = null;
    #refusal = null;
    /** Resolves when the connection is over, with the reason. */
    ended;
    /** How long a request that the daemon has no room for (error 429) is sent again, in milliseconds. */
    retryForMs = 300_000;

    static connect(path) {
        return new Promise((resolve, reject) => {
            const socket = connect(path, () => resolve(new Client(socket)));
            socket.once("error", reject);
        });
    }

    constructor(socket) {
        this.#socket = socket;
        socket.on("error", () => {});
        let tellEnd;
        this.ended = new Promise((resolve) => (tellEnd = resolve));
        socket.on("close", () => {
            const refusal = this.#refusal?.error.message;
            this.#closed ??= new ConnectionLost(refusal ?? "the daemon closed the connection", this.#refusal);
            for (const { reject } of this.#waiting.values()) reject(this.#closed);
            this.#waiting.clear();
            tellEnd(this.#closed);
        });
        const replies = createInterface({ input: socket, crlfDelay: Infinity });
        // It repeats the socket's errors, after which the socket closes.
        replies.on("error", () => {});
        replies.on("line", (line) => this.#receive(JSON.parse(line)));
    }

    #receive(reply) {
        const entry = this.#waiting.get(reply.id);
        if (!entry) {
            // About no request of ours: a connection that the daemon has no room for.
            if (reply.type === "error" && reply.id === null) this.#refusal = reply;
            return;
        }
        const sentId = reply.id;
        reply.id = entry.ownId;
        if (reply.type === "progress") return entry.onProgress?.(reply);
        if (reply.type === "warning") return entry.onWarning(reply);
        if (!["answer", "result", "error"].includes(reply.type)) return;
        this.#waiting.delete(sentId);
        entry.resolve(reply);
    }

    /**
     * Gives the terminal reply, whatever its type; `signal` (an AbortSignal) cancels the search. Requests are sent under
     * ids of the client's own, since callers' may be equal or missing; the reply has the caller's, or null. What the daemon
     * ignored in the request is a warning of the process, or goes to `onWarning`.
     */
    async request({ id: ownId = null, ...members }, { onProgress, onWarning = warn, signal } = {}) {
        const end = Date.now() + this.retryForMs;
        while (true) {
            const reply = await this.#once(members, { ownId, onProgress, onWarning, signal });
            const pause = reply.type === "error" && reply.error.code === 429 ? reply.error.data?.retry_after_ms : undefined;
            // Many clients shall not come back at the same moment.
            const delay = pause * (1 + Math.random() / 2);
            if (pause === undefined || Date.now() + delay > end || signal?.aborted) return reply;
            await sleep(delay);
        }
    }

    #once(members, { ownId, onProgress, onWarning, signal }) {
        if (members.method === "cancel" && "request_id" in members) {
            members = { ...members, request_id: this.#sentId(members.request_id) };
        }
        const id = ++this.#next;
        return new Promise((resolve, reject) => {
            if (this.#closed) throw this.#closed;
            // First, so that a request that is nested too deep to write is nobody's to wait for.
            const text = JSON.stringify({ id, ...members });
            this.#waiting.set(id, { resolve, reject, onProgress, onWarning, ownId });
            signal?.addEventListener("abort", () => {
                this.#send(JSON.stringify({ id: ++this.#next, method: "cancel", request_id: id }));
            });
            this.#send(text);
        });
    }

    /** The id under which a caller's waiting request was sent; for one that nobody waits for an id that is none. */
    #sentId(ownId) {
        for (const [id, entry] of this.#waiting) if (entry.ownId !== null && entry.ownId === ownId) return id;
        return `none-${JSON.stringify(ownId)}`;
    }

    #send(text) {
        this.#socket.write(text + "\n");
    }

    close() {
        this.#closed ??= new ConnectionLost("the client is closed");
        this.#socket.destroy();
    }
}

function warn({ field, message }) {
    process.emitWarning(field ? `${field}: ${message}` : message, "PtrmWarning");
}

/** JavaScript's numbers are exact to 2^53: another id or seed would be sent, and nobody told. */
function refuseRounded(key, value) {
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
        throw new Error(`${key || "a number"}: this client cannot send integers beyond 2^53 exactly`);
    }
    return value;
}

async function main(path, file) {
    // Whoever reads the answers may have had enough of them.
    process.stdout.on("error", () => process.exit(1));
    const input = file === "-" ? process.stdin : (await openFile(file)).createReadStream();
    const client = await Client.connect(path);
    let errors = 0;
    let number = 0;
    let unanswered = 0;
    let failure = null;
    const open = new Set();
    const lines = createInterface({ input, crlfDelay: Infinity });
    let isAllRead = false;
    input.once("end", () => (isAllRead = true));
    client.ended.then((reason) => {
        if (!isAllRead) failure ??= reason;
        // Nobody waits for a line that cannot be sent.
        lines.close();
    });
    for await (const line of lines) {
        number += 1;
        if (!line.trim()) continue;
        const place = `client: line ${number}`;
        let request;
        try {
            // A byte order mark before the first line is dropped, as the daemon does.
            request = JSON.parse(number === 1 ? line.replace(/^\uFEFF/, "") : line, refuseRounded);
            if (request === null || typeof request !== "object" || Array.isArray(request)) throw new Error("a request is a JSON object");
        } catch (error) {
            // The others go on.
            errors += 1;
            console.error(`${place}: ${error.message}`);
            continue;
        }
        const onWarning = ({ field, message }) => console.error(`${place}: warning: ${field ? `${field}: ` : ""}${message}`);
        const work = client
            .request(request, { onWarning })
            .then((reply) => {
                if (reply.type === "error") errors += 1;
                console.log(JSON.stringify(reply));
            })
            .catch((error) => {
                if (error instanceof RangeError) {
                    // What JSON.stringify says of a line that JSON.parse could read: nested too deep.
                    errors += 1;
                    console.error(`${place}: ${error.message}`);
                } else {
                    unanswered += 1;
                    failure ??= error;
                }
            })
            .finally(() => open.delete(work));
        open.add(work);
        if (open.size >= 64) await Promise.race(open);
        if (failure) break;
    }
    await Promise.all(open);
    client.close();
    input.destroy();
    if (failure) {
        const count = unanswered === 1 ? "1 request is" : `${unanswered} requests are`;
        console.error(`client: ${failure.message}; ${count} not answered, and nothing after line ${number} was sent`);
    }
    process.exitCode = errors || failure ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
    if (process.argv.length < 3) {
        console.error("usage: client.mjs SOCKET [FILE]");
        process.exit(2);
    }
    try {
        await main(process.argv[2], process.argv[3] ?? "-");
    } catch (error) {
        console.error(`client: ${error.message}`);
        // A missing file or socket has an error code of the system; a connection that ended has none.
        process.exit(error.code ? 2 : 1);
    }
}
