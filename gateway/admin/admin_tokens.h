// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/endpoint.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway::admin {

/// Whose token it was.
struct Bearer
{
    std::string name; ///< "owner"
    Role role = Role::Analyst;
};

inline constexpr std::size_t shortestToken = 16; ///< characters of a secret

/// The content of `admin-token` in the data folder; it is made, with a new secret, where it is not there. Errors: Io where it
/// cannot be read or written; Invalid where others may read it, or where it holds no token.
Result<std::string> ownerToken(const std::string &dataFolder);

/// Knows tokens, and slows those down who try some. On one thread.
class AdminTokens
{
public:
    static constexpr int wrongOnes = 10;          ///< of an address within `slowFor`, before it has to wait
    static constexpr Duration slowFor = std::chrono::minutes {1};
    static constexpr std::size_t mostAddresses = 4096; ///< that are counted each; beyond, all others are one

    /// @param owner  the secret of the owner's; empty: nobody has one
    AdminTokens(std::string_view owner, const Clock &clock);

    /// Errors: MissingKey, InvalidKey; Busy after too many wrong ones from that address, also for a right one.
    Result<Bearer> check(std::string_view authorization, std::string_view peer);

private:
    struct Wrong
    {
        SteadyTime since;
        int count = 0;
    };
    struct Known
    {
        KeyHasher::Digest digest;
        Bearer bearer;
    };

    Wrong &wrongOf(std::string_view peer, SteadyTime now);

    KeyHasher m_hasher; ///< with a key of this run
    const Clock &m_clock;
    std::vector<Known> m_known;
    std::unordered_map<std::string, Wrong> m_wrong;
};

} // namespace gateway::admin
