// A client of ptrmd's line protocol for Node: node client.mjs SOCKET [FILE]
//
//     const client = await Client.connect("/tmp/ptrmd.sock");
//     const answer = await client.request({ task: "sudoku", puzzle: "53..7...." });
import { open as openFile } from "node:fs/promises";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

export class Client {
    #socket;
    #next = 0;
    #waiting = new Map();
    #isClosed = false;

    static connect(path) {
        return new Promise((resolve, reject) => {
            const socket = connect(path, () => resolve(new Client(socket)));
            socket.once("error", reject);
        });
    }

    constructor(socket) {
        this.#socket = socket;
        socket.on("error", () => {});
        socket.on("close", () => {
            this.#isClosed = true;
            for (const { reject } of this.#waiting.values()) reject(new Error("the daemon closed the connection"));
            this.#waiting.clear();
        });
        const replies = createInterface({ input: socket, crlfDelay: Infinity });
        // It repeats the socket's errors, after which the socket closes.
        replies.on("error", () => {});
        replies.on("line", (line) => {
            const reply = JSON.parse(line);
            const entry = this.#waiting.get(reply.id);
            if (!entry) return;
            const sentId = reply.id;
            reply.id = entry.ownId;
            if (reply.type === "progress") return entry.onProgress?.(reply);
            if (reply.type === "warning") return;
            this.#waiting.delete(sentId);
            entry.resolve(reply);
        });
    }

    /**
     * Gives the terminal reply, whatever its type; `signal` (an AbortSignal) cancels the search. Requests are sent under
     * ids of the client's own, since callers' may be equal or missing; the reply has the caller's, or null.
     */
    request({ id: ownId = null, ...members }, { onProgress, signal } = {}) {
        if (members.method === "cancel" && "request_id" in members) members.request_id = this.#sentId(members.request_id);
        const id = ++this.#next;
        return new Promise((resolve, reject) => {
            if (this.#isClosed) throw new Error("the daemon closed the connection");
            // First, so that a request that is nested too deep to write is nobody's to wait for.
            const text = JSON.stringify({ id, ...members });
            this.#waiting.set(id, { resolve, reject, onProgress, ownId });
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
        this.#socket.destroy();
    }
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
    const open = new Set();
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
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
        const work = client
            .request(request)
            .then((reply) => {
                if (reply.type === "error") errors += 1;
                console.log(JSON.stringify(reply));
            })
            .catch((error) => {
                // What JSON.stringify says of a line that JSON.parse could read: nested too deep.
                if (!(error instanceof RangeError)) throw error;
                errors += 1;
                console.error(`${place}: ${error.message}`);
            })
            .finally(() => open.delete(work));
        // Waited for below; a rejection until then is nobody's surprise.
        work.catch(() => {});
        open.add(work);
        if (open.size >= 64) await Promise.race(open);
    }
    await Promise.all(open);
    client.close();
    process.exitCode = errors ? 1 : 0;
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
