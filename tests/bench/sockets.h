// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

/// The few socket words that both programs of the benchmark share. They end the process where the system refuses:
/// a benchmark that goes on without a part of itself would print wrong figures.
namespace bench {

inline std::int64_t nowNs()
{
    timespec time {};
    clock_gettime(CLOCK_MONOTONIC, &time); // the same clock in every process of the machine
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

[[noreturn]] inline void die(const char *what)
{
    std::perror(what);
    std::exit(1);
}

inline sockaddr_in loopback(int port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

inline void setNoDelay(int socket)
{
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// As many open files as the system allows: thousands of connections are the point.
inline void raiseFileLimit()
{
    rlimit limit {};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace bench
