// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/key_source.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::storage {

namespace {

class OpenFile
{
public:
    OpenFile(const std::string &path, int flags) : m_descriptor(::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)) {}
    ~OpenFile()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] bool open() const { return m_descriptor >= 0; }

private:
    int m_descriptor;
};

std::unexpected<Error> systemFailure(std::string_view doing, const std::string &path)
{
    const ErrorCode code = errno == ENOENT ? ErrorCode::NotFound : errno == EEXIST ? ErrorCode::Conflict : ErrorCode::Io;
    return fail(code, fmt::format("{} {} failed: {}.", doing, path, std::strerror(errno)), path);
}

} // namespace

Result<MasterKey> FileKeySource::load()
{
    OpenFile file(m_path, O_RDONLY | O_NOFOLLOW);
    if (!file.open())
        return systemFailure("Reading the master key", m_path);
    struct stat state {};
    if (::fstat(file.descriptor(), &state) != 0)
        return systemFailure("Reading the master key", m_path);
    if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(ErrorCode::Io, fmt::format("The master key {} may be read by others, so it is not used. Run: chmod 600 {}", m_path, m_path), m_path);
    std::array<char, 256> text {};
    const ssize_t length = ::read(file.descriptor(), text.data(), text.size());
    if (length < 0)
        return systemFailure("Reading the master key", m_path);
    auto key = MasterKey::fromHex(std::string_view(text.data(), static_cast<std::size_t>(length)), m_path);
    sodium_memzero(text.data(), text.size());
    return key;
}

Result<> FileKeySource::store(const MasterKey &key)
{
    // A whole file appears under the name, or none: link() refuses a name that is taken.
    const std::string draft = fmt::format("{}.{}.new", m_path, ::getpid());
    ::unlink(draft.c_str());
    {
        OpenFile file(draft, O_WRONLY | O_CREAT | O_EXCL);
        if (!file.open())
            return systemFailure("Writing the master key", draft);
        std::string text = key.toHex() + "\n";
        const bool written = ::write(file.descriptor(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file.descriptor()) == 0;
        sodium_memzero(text.data(), text.size());
        if (!written) {
            auto failure = systemFailure("Writing the master key", draft);
            ::unlink(draft.c_str());
            return failure;
        }
    }
    if (::link(draft.c_str(), m_path.c_str()) != 0) {
        auto failure = systemFailure("Writing the master key", m_path);
        ::unlink(draft.c_str());
        return failure;
    }
    ::unlink(draft.c_str());
    return {};
}

} // namespace gateway::storage
