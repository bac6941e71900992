// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/data_folder.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace app {

namespace {

namespace fs = std::filesystem;
using gateway::ErrorCode;
using gateway::Result;

constexpr mode_t ownerOnly = 0700;
constexpr mode_t ownerFile = 0600;

std::string systemWords()
{
    return std::strerror(errno); // NOLINT: on one thread, at the start
}

fs::path lockPath(const fs::path &folder)
{
    return folder / "lock";
}

int pidIn(int file)
{
    std::array<char, 32> text {};
    const ssize_t length = ::pread(file, text.data(), text.size(), 0);
    int pid = 0;
    if (length > 0)
        std::from_chars(text.data(), text.data() + length, pid);
    return pid;
}

/// A folder that has nothing in it, or what Signalbox put there: it may be closed to others.
bool isOurs(const fs::path &folder)
{
    std::error_code error;
    return fs::exists(folder / "signalbox.db", error) || fs::exists(lockPath(folder), error) || fs::is_empty(folder, error);
}

Result<> closeToOthers(const fs::path &folder)
{
    struct stat state {};
    if (::stat(folder.c_str(), &state) != 0)
        return gateway::fail(ErrorCode::Io, fmt::format("The data folder {} cannot be looked at: {}.", folder.string(), systemWords()));
    if (!S_ISDIR(state.st_mode))
        return gateway::fail(ErrorCode::Io, fmt::format("{} is not a folder. Give another one with --data.", folder.string()));
    if ((state.st_mode & 077) == 0)
        return {};
    if (!isOurs(folder))
        return gateway::fail(ErrorCode::Io, fmt::format("The folder {} is open to other users and holds files that are not Signalbox's. Give a folder of its own with --data.",
                                                        folder.string()));
    if (::chmod(folder.c_str(), ownerOnly) != 0)
        return gateway::fail(ErrorCode::Io, fmt::format("The data folder {} is open to other users and cannot be closed to them: {}.", folder.string(), systemWords()));
    return {};
}

Result<> makeFolder(const fs::path &folder)
{
    std::error_code error;
    if (fs::exists(folder, error))
        return closeToOthers(folder);
    if (folder.has_parent_path())
        fs::create_directories(folder.parent_path(), error);
    if (error || (::mkdir(folder.c_str(), ownerOnly) != 0 && errno != EEXIST))
        return gateway::fail(ErrorCode::Io, fmt::format("The data folder {} cannot be made: {}. Give another one with --data.", folder.string(),
                                                        error ? error.message() : systemWords()));
    return {};
}

Result<int> takeLock(const fs::path &folder)
{
    const int file = ::open(lockPath(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, ownerFile);
    if (file < 0)
        return gateway::fail(ErrorCode::Io, fmt::format("The data folder {} cannot be written: {}. Check its owner and the disk, or give another one with --data.",
                                                        folder.string(), systemWords()));
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const int pid = pidIn(file);
        ::close(file);
        return gateway::fail(ErrorCode::Busy, fmt::format("The data folder {} is in use by another Signalbox{}. End it, or give another folder with --data.", folder.string(),
                                                          pid > 0 ? fmt::format(" (process {})", pid) : ""));
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        const std::string words = systemWords();
        ::close(file);
        return gateway::fail(ErrorCode::Io, fmt::format("The data folder {} cannot be written: {}. Make room on its disk, or give another folder with --data.", folder.string(), words));
    }
    return file;
}

} // namespace

Result<fs::path> DataFolder::standard(bool demo)
{
    const char *name = demo ? "signalbox-demo" : "signalbox";
    const char *data = std::getenv("XDG_DATA_HOME");
    if (data != nullptr && data[0] == '/') // a relative one is to be ignored (XDG base directory specification)
        return fs::path(data) / name;
    const char *home = std::getenv("HOME");
    if (home != nullptr && home[0] == '/')
        return fs::path(home) / ".local" / "share" / name;
    return gateway::fail(ErrorCode::Io, "Neither XDG_DATA_HOME nor HOME is set, so that there is no place for the data folder. Give one with --data.");
}

Result<DataFolder> DataFolder::open(const fs::path &path)
{
    std::error_code error;
    const fs::path whole = fs::absolute(path, error);
    if (auto made = makeFolder(whole); !made)
        return std::unexpected(made.error());
    auto lock = takeLock(whole);
    if (!lock)
        return std::unexpected(lock.error());
    DataFolder folder(whole, *lock);
    for (const char *inner : {"backups", "log"}) {
        if (::mkdir((whole / inner).c_str(), ownerOnly) != 0 && errno != EEXIST)
            return gateway::fail(ErrorCode::Io, fmt::format("The data folder {} cannot be written: {}.", whole.string(), systemWords()));
    }
    return folder;
}

std::optional<int> DataFolder::holder(const fs::path &path)
{
    const int file = ::open(lockPath(path).c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return std::nullopt;
    const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0;
    const int pid = pidIn(file);
    ::close(file);
    return held ? std::optional(pid) : std::nullopt;
}

std::string DataFolder::controlSocket(const fs::path &path)
{
    std::error_code error;
    const std::string name = (fs::absolute(path, error) / "control.sock").string();
    constexpr std::size_t spare = 16; // Qt makes the socket under a longer name first
    if (name.size() + spare < sizeof(sockaddr_un::sun_path))
        return name;
    // Longer than a socket's name may be: the same place through an open folder, which stays open with the process.
    const int folder = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    return folder < 0 ? name : fmt::format("/proc/self/fd/{}/control.sock", folder);
}

DataFolder::DataFolder(DataFolder &&other) noexcept : m_path(std::move(other.m_path)), m_lock(std::exchange(other.m_lock, -1)) {}

DataFolder &DataFolder::operator=(DataFolder &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_lock, other.m_lock);
    return *this;
}

DataFolder::~DataFolder()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

} // namespace app
