#!/usr/bin/env node
// The small chat room of package server as a single-threaded event loop: what Node.js is made for.
//
//   node chat.js [-addr 127.0.0.1:8080] [-pool]
//
// A line from one client goes to all others as "[addr] text". A line is made to bytes once, whoever many
// get it. What is pending for a client leaves once in a turn of the loop, in one write.
// A client that does not read keeps at most `capacity` lines waiting, loses the oldest, and is told how many.
//
// "/work 100" computes for 100 ms, "/stats" tells of the loop and of the garbage collector. With
// -pool the computing is done by worker threads.
'use strict';

const net = require('node:net');
const { monitorEventLoopDelay, PerformanceObserver, performance } = require('node:perf_hooks');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const capacity = 128; // lines
const maxLine = 4096;
const maxWork = 1000; // ms
const poolSize = 4; // threads, as many as libuv's own pool has

// region spin
// spin is a hash (FNV-1a) of so many numbers.
function spin(rounds) {
  let h = 2166136261 | 0;
  for (let i = 0; i < rounds; i++) h = Math.imul(h ^ i, 16777619);
  return h;
}
// endregion

// calibrate returns how many rounds of spin take a millisecond here. The fastest of some trials counts.
function calibrate() {
  const rounds = 1 << 18;
  let best = Infinity;
  for (let i = 0; i < 50; i++) {
    const began = performance.now();
    spin(rounds);
    best = Math.min(best, performance.now() - began);
  }
  return Math.floor(rounds / best);
}

function work(ms, perMillisecond) {
  let hash = 0;
  for (let i = 0; i < ms; i++) hash ^= spin(perMillisecond);
  return `* worked ${(hash >>> 0).toString(16).padStart(8, '0')}\n`;
}

// Pool hands work to threads, the next to whoever is free.
class Pool {
  constructor(perMillisecond) {
    this.perMillisecond = perMillisecond;
    this.free = [];
    this.started = 0;
    this.waiting = [];
    this.callbacks = new Map();
    this.ids = 0;
  }

  run(ms, done) {
    const id = this.ids++;
    this.callbacks.set(id, done);
    this.waiting.push({ id, ms });
    if (this.free.length === 0 && this.started < poolSize) this.start();
    this.next();
  }

  start() {
    const worker = new Worker(__filename, { workerData: this.perMillisecond });
    this.started++;
    worker.on('message', ({ id, answer }) => {
      this.free.push(worker);
      const done = this.callbacks.get(id);
      this.callbacks.delete(id);
      done(answer);
      this.next();
    });
    this.free.push(worker);
  }

  next() {
    while (this.free.length > 0 && this.waiting.length > 0) this.free.pop().postMessage(this.waiting.shift());
  }
}

// observe returns a function that tells of the pauses since it was last called.
function observe() {
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  let collections = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) collections.push(entry.duration);
  }).observe({ entryTypes: ['gc'] });
  let since = performance.now();
  return () => {
    collections.sort((a, b) => a - b);
    const n = collections.length;
    const gc = {
      count: n,
      p99: n ? collections[Math.min(n - 1, Math.ceil(0.99 * n) - 1)] : 0,
      max: n ? collections[n - 1] : 0,
      share: collections.reduce((a, b) => a + b, 0) / (performance.now() - since),
    };
    // The histogram is of the time between two ticks, 10 ms included.
    const late = (ns) => (loop.count > 0 ? Math.max(0, ns / 1e6 - 10) : 0);
    const stats = { gc, loop: { count: loop.count, p99: late(loop.percentile(99)), max: late(loop.max), share: 0 } };
    collections = [];
    loop.reset();
    since = performance.now();
    return `* stats ${JSON.stringify(stats)}\n`;
  };
}

// safe replaces what a terminal would obey instead of showing it.
const unsafe = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;
const safe = (line) => line.replace(unsafe, (c) => (c === '\t' ? ' ' : '\ufffd'));

function serve() {
  const flag = (name) => process.argv.indexOf(name, 2);
  const perMillisecond = calibrate();
  const pool = flag('-pool') > 0 ? new Pool(perMillisecond) : null;
  const stats = observe();
  const clients = new Set();
  let flushing = false;

  function say(from, line) {
    const text = Buffer.from(`${from.prefix}${safe(line)}\n`);
    for (const c of clients) {
      if (c === from) continue;
      if (c.pending.length === capacity) {
        c.pending.shift();
        c.missed++;
      }
      c.pending.push(text);
    }
    if (!flushing) {
      flushing = true;
      setImmediate(flushAll);
    }
  }

  function flushAll() {
    flushing = false;
    for (const c of clients) flush(c);
  }

  // region flush
  // flush joins what is pending for a client to one write. The usual advice is cork, a write for each line, and
  // uncork: it ends in one writev, too, but each line then costs an object of its own, and more time than the copy.
  function flush(c) {
    if (c.pending.length === 0 || c.socket.writableNeedDrain) return;
    if (c.missed > 0) c.pending.unshift(Buffer.from(`* you missed ${c.missed} messages\n`));
    c.socket.write(c.pending.length === 1 ? c.pending[0] : Buffer.concat(c.pending));
    c.pending = [];
    c.missed = 0;
  }
  // endregion

  // hear takes the lines out of what a client has sent. While a pool works for it, it is not heard.
  function hear(c) {
    while (!c.working) {
      const end = c.heard.indexOf('\n');
      if (end < 0) {
        c.skipping ||= c.heard.length > maxLine;
        if (c.skipping) c.heard = '';
        return;
      }
      let line = c.heard.slice(0, end);
      c.heard = c.heard.slice(end + 1);
      if (line.endsWith('\r')) line = line.slice(0, -1);
      if (c.skipping || line.length > maxLine) {
        c.skipping = false;
        continue;
      }
      request(c, line);
    }
  }

  function request(c, line) {
    const asked = line.startsWith('/') && /^\/work (\d{1,4})$/.exec(line);
    const ms = asked ? Number(asked[1]) : 0;
    if (line === '/stats') {
      c.socket.write(stats());
    } else if (ms < 1 || ms > maxWork) {
      say(c, line);
    } else if (!pool) {
      c.socket.write(work(ms, perMillisecond));
    } else {
      c.working = true;
      c.socket.pause();
      pool.run(ms, (answer) => {
        c.working = false;
        if (c.socket.writable) c.socket.write(answer);
        hear(c);
        if (!c.working) c.socket.resume();
      });
    }
  }

  function enter(socket) {
    const { remoteAddress, remotePort } = socket;
    const c = { socket, prefix: `[${remoteAddress}:${remotePort}] `, pending: [], missed: 0, heard: '', skipping: false, working: false };
    clients.add(c);
    socket.setNoDelay(true);
    socket.setEncoding('utf8'); // a letter in two pieces is one letter
    socket.on('data', (text) => {
      c.heard += text;
      hear(c);
    });
    socket.on('drain', () => flush(c));
    socket.on('end', () => {
      if (c.heard !== '' && !c.skipping) say(c, c.heard);
      flush(c);
      clients.delete(c);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clients.delete(c));
  }

  const address = flag('-addr') > 0 ? process.argv[flag('-addr') + 1] : '127.0.0.1:8080';
  const [, host, port] = /^(.*):(\d+)$/.exec(address);
  const server = net.createServer(enter);
  server.listen({ host, port: Number(port), backlog: 4096 }, () => {
    console.log(`chat server on ${server.address().address}:${server.address().port}`);
  });
}

if (isMainThread) {
  serve();
} else {
  // A thread of the pool.
  parentPort.on('message', ({ id, ms }) => parentPort.postMessage({ id, answer: work(ms, workerData) }));
}
