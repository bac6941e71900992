// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/line_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gateway::storage {

namespace {

namespace fs = std::filesystem;

constexpr mode_t ownerFile = 0600;
constexpr std::size_t writeFrom = 256 * 1024;

std::unexpected<Error> failed(const std::string &path, int error)
{
    return fail(ErrorCode::Io, fmt::format("{} cannot be written: {}.", path, std::strerror(error))); // NOLINT: glibc's is thread-safe
}

std::unexpected<Error> isThere(const std::string &path)
{
    return fail(ErrorCode::Conflict, fmt::format("{} is there already.", path));
}

/// So that the name itself is on the disk.
void syncFolder(const fs::path &folder)
{
    const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return;
    static_cast<void>(::fsync(file)); // some file systems have no such thing
    ::close(file);
}

} // namespace

LineFile::LineFile(std::string path, std::string temporary, int file, Packing packing, Existing existing)
    : m_path(std::move(path)), m_temporary(std::move(temporary)), m_file(file), m_existing(existing), m_packer(packing)
{
}

LineFile::~LineFile()
{
    if (m_file < 0)
        return;
    ::close(m_file);
    ::unlink(m_temporary.c_str());
}

Result<std::unique_ptr<LineFile>> LineFile::create(std::string path, Packing packing, Existing existing)
{
    std::error_code error;
    if (fs::is_directory(path, error))
        return fail(ErrorCode::Io, fmt::format("{} is a folder.", path));
    if (existing == Existing::Keep && fs::exists(fs::symlink_status(path, error)))
        return isThere(path);
    std::string temporary = fmt::format("{}.{}.part", path, ::getpid());
    ::unlink(temporary.c_str()); // of a process of that number that was killed
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, ownerFile);
    if (file < 0)
        return failed(path, errno);
    return std::unique_ptr<LineFile>(new LineFile(std::move(path), std::move(temporary), file, packing, existing));
}

Result<> LineFile::add(std::string_view line)
{
    if (auto added = m_packer.add(line, m_waiting); !added)
        return added;
    if (auto added = m_packer.add("\n", m_waiting); !added)
        return added;
    return m_waiting.size() < writeFrom ? Result<> {} : write();
}

Result<> LineFile::write()
{
    for (std::size_t at = 0; at < m_waiting.size();) {
        const ssize_t written = ::write(m_file, m_waiting.data() + at, m_waiting.size() - at);
        if (written < 0 && errno != EINTR)
            return failed(m_path, errno);
        at += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    }
    m_bytes += m_waiting.size();
    m_waiting.clear();
    return {};
}

Result<> LineFile::commit()
{
    if (auto finished = m_packer.finish(m_waiting); !finished)
        return finished;
    if (auto written = write(); !written)
        return written;
    if (::fsync(m_file) != 0 || ::close(std::exchange(m_file, -1)) != 0) {
        const int error = errno;
        ::unlink(m_temporary.c_str());
        return failed(m_path, error);
    }
    // link() refuses a name that came meanwhile, where rename() would take its place.
    int done = m_existing == Existing::Replace ? ::rename(m_temporary.c_str(), m_path.c_str()) : ::link(m_temporary.c_str(), m_path.c_str());
    int error = done == 0 ? 0 : errno;
    if (m_existing == Existing::Keep && done != 0 && (error == EPERM || error == ENOTSUP || error == EMLINK)) { // a file system without links
        done = ::rename(m_temporary.c_str(), m_path.c_str());
        error = done == 0 ? 0 : errno;
    }
    ::unlink(m_temporary.c_str());
    if (done != 0)
        return error == EEXIST ? Result<>(isThere(m_path)) : failed(m_path, error);
    syncFolder(fs::path(m_path).parent_path());
    return {};
}

} // namespace gateway::storage
