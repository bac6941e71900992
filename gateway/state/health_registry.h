// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/state/declared_limits.h"
#include "gateway/state/health_store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::state {

/// The health of one process's targets, in its memory. Short mutexes, one for each shard of credentials. Bounded: `capacity` targets, the
/// longest unused one makes room.
class HealthRegistry final : public HealthStore
{
public:
    static constexpr std::size_t defaultCapacity = 4096;

    explicit HealthRegistry(std::size_t capacity = defaultCapacity);
    ~HealthRegistry() override;
    HealthRegistry(const HealthRegistry &) = delete;
    HealthRegistry &operator=(const HealthRegistry &) = delete;

    [[nodiscard]] std::optional<routing::Rest> resting(const routing::Subject &subject, SteadyTime now) const override;
    [[nodiscard]] bool claimProbe(const routing::Subject &subject, SteadyTime now) override;
    [[nodiscard]] routing::Figures figures(const routing::Subject &subject, SteadyTime now) const override;
    [[nodiscard]] std::optional<routing::Rest> claimRoom(const routing::Subject &subject, std::int64_t tokens, SteadyTime now) override;

    void began(const routing::Subject &subject, std::string_view model, SteadyTime now) override;
    void report(const routing::Subject &subject, std::string_view model, const AttemptOutcome &outcome, SteadyTime now) override;
    void allow(const routing::Subject &subject, std::string_view model, const Allowance &allowance, SteadyTime now) override;
    void probed(const routing::Subject &subject, std::string_view model, ProbeFinding finding, SteadyTime now) override;
    void probedAll(std::string_view provider, const config::BreakerSettings &settings, ProbeFinding finding, SteadyTime now) override;
    void configured(std::span<const routing::CredentialRef> credentials) override;
    [[nodiscard]] std::vector<TargetHealth> snapshot(SteadyTime now) const override;

private:
    struct Shard;
    [[nodiscard]] Shard &shardOf(std::uint64_t credentialId) const;
    std::size_t m_shardCapacity;
    DeclaredLimits m_limits;
    std::unique_ptr<Shard[]> m_shards;
};

} // namespace gateway::state
