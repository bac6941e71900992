// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/endpoint.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::admin {

/// Whose token it was.
struct Bearer
{
    std::string name; ///< "owner", "ci"
    Role role = Role::Analyst;
};

/// The content of `admin-token` in the data folder; it is made, with a new secret, where it is not there. Errors: Io where it
/// cannot be read or written; Invalid where others may read it, or where it holds no token.
Result<std::string> ownerToken(const std::string &dataFolder);

/// Knows tokens, the owner's and those of the configuration as it is when asked, and slows those down who try some. On one
/// thread.
class AdminTokens
{
public:
    static constexpr int wrongOnes = 10;          ///< of an address within `slowFor`, before it has to wait
    static constexpr Duration slowFor = std::chrono::minutes {1};
    static constexpr std::size_t mostAddresses = 4096; ///< that are counted each; beyond, all others are one

    /// @param owner  the secret of the owner's; empty: nobody has one
    /// @param gateway, clock  outlive this
    AdminTokens(std::string_view owner, const api::Gateway &gateway, const Clock &clock);

    /// Takes the same time whatever of a secret is right. Wrong ones are logged, without the secret.
    /// @param peer  the address of who asks; of IPv6 its /64 counts
    /// Errors: MissingKey, InvalidKey; Busy after too many wrong ones from that address, also for a right one.
    Result<Bearer> check(std::string_view authorization, std::string_view peer);

    /// What stands behind "Bearer"; empty: nothing does.
    static std::string_view secretIn(std::string_view authorization);

private:
    struct Wrong
    {
        SteadyTime since;
        int count = 0;
    };

    [[nodiscard]] std::optional<Bearer> bearerOf(const KeyHasher::Digest &digest) const;
    void count(const std::string &network, SteadyTime now);

    const api::Gateway &m_gateway;
    const Clock &m_clock;
    std::optional<KeyHasher::Digest> m_owner;
    std::unordered_map<std::string, Wrong> m_wrong; ///< by network
};

} // namespace gateway::admin
