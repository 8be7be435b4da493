-- For wrk: another URL with every request. Its one argument makes this run's differ from every other run's.
local run, count = "", 0

function init(args)
  run = args[1]
end

function request()
  count = count + 1
  return wrk.format(nil, wrk.path .. "?" .. run .. "-" .. count)
end
