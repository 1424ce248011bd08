-- For wrk: asks the addresses of a file in turn. With a mark, each request is another one, by a
-- comment at the end of its query, so that nobody can answer it from what he kept. With a path, the
-- lines of the file are forms that are posted there.
-- wrk … -s requests.lua URL -- FILE MARK [PATH]
local threads = 0
local addresses, posted = {}, {}
local at, mark, number, path = 0, '', 0, nil

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  for line in io.lines(arguments[1]) do addresses[#addresses + 1] = line end
  mark, path = arguments[2], arguments[3]
  at = math.floor(#addresses / 2) * number
  posted = {}
  for name, value in pairs(wrk.headers) do posted[name] = value end
  posted["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  at = at + 1
  local address = addresses[at % #addresses + 1]
  if mark ~= '-' then address = address .. "%0A%23" .. mark .. "-" .. number .. "-" .. at end
  if path then return wrk.format("POST", path, posted, address) end
  return wrk.format("GET", address)
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50": %.4f, "p95": %.4f, "p99": %.4f, "failed": %d, "bytes": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3,
    failed.connect + failed.read + failed.write + failed.status + failed.timeout, summary.bytes))
end
