// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/port_owner.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <sstream>

namespace gateway::net {

namespace {

namespace fs = std::filesystem;

/// The inodes of sockets that listen on the port (proc(5), /proc/net/tcp: local_address, state 0A, inode).
std::set<std::string> listeningInodes(std::uint16_t port)
{
    std::set<std::string> inodes;
    const std::string suffix = fmt::format(":{:04X}", port);
    for (const char *table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line);
        while (std::getline(file, line)) {
            std::istringstream fields(line);
            std::string number, local, remote, state, queues, timer, retries, user, timeout, inode;
            fields >> number >> local >> remote >> state >> queues >> timer >> retries >> user >> timeout >> inode;
            if (state == "0A" && local.ends_with(suffix))
                inodes.insert("socket:[" + inode + "]");
        }
    }
    return inodes;
}

bool holdsOneOf(const fs::path &process, const std::set<std::string> &inodes)
{
    std::error_code failed;
    for (fs::directory_iterator entry(process / "fd", failed), end; !failed && entry != end; entry.increment(failed)) {
        std::error_code unreadable;
        const fs::path link = fs::read_symlink(entry->path(), unreadable);
        if (!unreadable && inodes.contains(link.string()))
            return true;
    }
    return false;
}

} // namespace

std::string portOwner(std::uint16_t port)
{
    const std::set<std::string> inodes = listeningInodes(port);
    if (inodes.empty())
        return {};
    std::error_code failed;
    for (fs::directory_iterator entry("/proc", failed), end; !failed && entry != end; entry.increment(failed)) {
        const std::string id = entry->path().filename().string();
        if (id.find_first_not_of("0123456789") != std::string::npos || !holdsOneOf(entry->path(), inodes))
            continue;
        std::ifstream file(entry->path() / "comm");
        std::string name;
        std::getline(file, name);
        return fmt::format("{} ({})", name.empty() ? "a process" : name, id);
    }
    return {};
}

} // namespace gateway::net
