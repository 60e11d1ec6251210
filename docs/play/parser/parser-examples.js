// What a client may send. A line end is CR and LF, as in the text field: see toBytes in parser.js.

const chunked = "POST /echo HTTP/1.1\nHost: me\nTransfer-Encoding: chunked\n\n";

export const good = {
  "GET": "GET / HTTP/1.1\nHost: me\n\n",
  "POST with a length": "POST /echo HTTP/1.1\nHost: me\nContent-Length: 5\n\nhello",
  "Chunks": chunked + "5\nhello\n6;color=red\n again\n0\n\n",
  "Two at once": "GET / HTTP/1.1\nHost: me\n\nGET /nowhere HTTP/1.1\nHost: me\nConnection: close\n\n",
  "100-continue": "POST /echo HTTP/1.1\nHost: me\nContent-Length: 5\nExpect: 100-continue\n\nhello",
  "A stream": "GET /stream HTTP/1.1\nHost: me\n\n",
  "Half a request": "GET / HTTP/1.1\nHost: m",
};

export const hostile = {
  "Smuggling": "POST / HTTP/1.1\nHost: shop\nContent-Length: 37\nTransfer-Encoding: chunked\n\n0\n\nGET /admin HTTP/1.1\nHost: x\n\n",
  "Two lengths": "POST /echo HTTP/1.1\nHost: me\nContent-Length: 5\nContent-Length: 6\n\nhello!",
  "A signed length": "POST /echo HTTP/1.1\nHost: me\nContent-Length: +5\n\nhello",
  "A folded line": "GET / HTTP/1.1\nHost: me\nX-Long: one\n two\n\n",
  "Space before the colon": "POST /echo HTTP/1.1\nHost: me\nContent-Length : 5\n\nhello",
  "A bare LF": chunked + "5\\nhello\\n0\\n\\n",
  "Chunk size overflow": chunked + "FFFFFFFFFFFFFFFFF\nhello\n0\n\n",
  "Too long a line": "GET /" + "a".repeat(300) + " HTTP/1.1\nHost: me\n\n",
  "Too many fields": "GET / HTTP/1.1\nHost: me\n" + "X: 1\n".repeat(21) + "\n",
  "A NUL": "GET / HTTP/1.1\nHost: me\nX: a\\0b\n\n",
};
