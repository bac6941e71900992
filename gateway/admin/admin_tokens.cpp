// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/admin_tokens.h"

#include "gateway/admin/find_entry.h"
#include "gateway/config/names.h"
#include "gateway/core/admin_secret.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/text.h"
#include "gateway/state/refusal_limiter.h"

#include <QtGlobal>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gateway::admin {

namespace {

constexpr mode_t ofOwner = S_IRUSR | S_IWUSR;
constexpr std::size_t longestToken = 512;

class File
{
public:
    explicit File(int descriptor) : m_descriptor(descriptor) {}
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(const File &) = delete;
    File &operator=(const File &) = delete;
    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
};

std::unexpected<Error> unusable(const std::string &path, std::string_view what)
{
    return fail(ErrorCode::Io, fmt::format("The admin token's file {} {}: {}.", path, what, std::strerror(errno)), path);
}

Result<std::string> readToken(const File &file, const std::string &path)
{
    struct stat state {};
    if (::fstat(file.descriptor(), &state) != 0)
        return unusable(path, "cannot be read");
    if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(ErrorCode::Invalid, fmt::format("The admin token's file {0} can be read by others. Run `chmod 600 {0}`, or delete it for a new one.", path), path);
    std::string text(longestToken, '\0');
    const ssize_t got = ::read(file.descriptor(), text.data(), text.size());
    if (got < 0)
        return unusable(path, "cannot be read");
    text.resize(static_cast<std::size_t>(got));
    const std::string_view token = trimmed(text);
    if (token.size() < config::shortestAdminToken)
        return fail(ErrorCode::Invalid, fmt::format("The admin token in {} is shorter than {} characters. Write a longer one, or delete the file for a new one.", path, config::shortestAdminToken), path);
    return std::string(token);
}

} // namespace

Result<std::string> ownerToken(const std::string &dataFolder)
{
    const std::string path = dataFolder + "/admin-token";
    const File there(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (there.isOpen())
        return readToken(there, path);
    if (errno != ENOENT)
        return unusable(path, "cannot be opened");
    const File made(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, ofOwner));
    if (!made.isOpen())
        return unusable(path, "cannot be made");
    const std::string token = newAdminSecret();
    const std::string line = token + '\n';
    if (::write(made.descriptor(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) || ::fsync(made.descriptor()) != 0) {
        const auto problem = unusable(path, "cannot be written");
        ::unlink(path.c_str());
        return problem;
    }
    return token;
}

AdminTokens::AdminTokens(std::string_view owner, const api::Gateway &gateway, const Clock &clock) : m_gateway(gateway), m_clock(clock)
{
    if (!owner.empty())
        m_owner = gateway.secretHash(owner);
}

std::string_view AdminTokens::secretIn(std::string_view authorization)
{
    constexpr std::string_view scheme = "bearer ";
    if (authorization.size() <= scheme.size() || !equalsIgnoringCase(authorization.substr(0, scheme.size()), scheme))
        return {};
    return trimmed(authorization.substr(scheme.size()));
}

/// All are compared, each in constant time: how long it takes says nothing of which there are.
std::optional<Bearer> AdminTokens::bearerOf(const KeyHasher::Digest &digest) const
{
    std::optional<Bearer> found;
    if (m_owner && KeyHasher::equal(*m_owner, digest))
        found = Bearer {.name = std::string(config::ownersTokenName), .role = Role::Owner};
    const api::ConfigPtr now = m_gateway.config();
    for (const config::AdminToken &token : now->adminTokens) {
        KeyHasher::Digest known {};
        if (KeyHasher::parse(token.hash, known) && KeyHasher::equal(known, digest) && !found)
            found = Bearer {.name = token.name, .role = token.role};
    }
    return found;
}

void AdminTokens::count(const std::string &network, SteadyTime now)
{
    if (m_wrong.size() >= mostAddresses)
        std::erase_if(m_wrong, [&](const auto &each) { return now - each.second.since >= slowFor; });
    const bool full = m_wrong.size() >= mostAddresses && !m_wrong.contains(network);
    Wrong &wrong = m_wrong.try_emplace(full ? std::string() : network, Wrong {.since = now}).first->second;
    if (now - wrong.since >= slowFor)
        wrong = {.since = now};
    ++wrong.count;
    qWarning("A wrong admin token came from %s%s.", network.c_str(), wrong.count == wrongOnes ? "; it has to wait for a minute now" : "");
}

Result<Bearer> AdminTokens::check(std::string_view authorization, std::string_view peer)
{
    const std::string_view secret = secretIn(authorization);
    if (secret.empty())
        return fail(ErrorCode::MissingKey, "The admin API wants Authorization: Bearer and an admin token, and takes none from elsewhere. The owner's is in the file admin-token of the data folder.");
    const std::string network = state::RefusalLimiter::networkOf(peer);
    const SteadyTime now = m_clock.steadyNow();
    const auto before = m_wrong.find(network);
    if (before != m_wrong.end() && before->second.count >= wrongOnes && now - before->second.since < slowFor)
        return fail(ErrorCode::Busy, "Too many wrong admin tokens came from this address. Try again in a minute.");
    const KeyHasher::Digest digest = m_gateway.secretHash(secret);
    if (auto bearer = bearerOf(digest))
        return std::move(*bearer);
    count(network, now);
    if (findKeyBySecret(*m_gateway.config(), digest))
        return fail(ErrorCode::InvalidKey, "That is a virtual key: it is for calls, and opens nothing of the admin API. Send an admin token.");
    return fail(ErrorCode::InvalidKey, "That is no admin token. The owner's is in the file admin-token of the data folder.");
}

} // namespace gateway::admin
