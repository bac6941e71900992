// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/telemetry/prometheus_text.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace gateway::telemetry {

/// Counts what privacy policies find, on the records' way to where they are kept. Few calls have findings: the others cost a look.
/// Thread-safe.
class FindingRecords final : public RecordSink
{
public:
    static constexpr std::size_t mostNames = 1024; ///< of the configuration, so that they are bounded; others count as "other"

    /// @param next  outlives this
    explicit FindingRecords(RecordSink &next) : m_next(next) {}

    void push(CallRecord record, std::move_only_function<void(bool stored)> onCommitted) override;
    [[nodiscard]] bool healthy() const override { return m_next.healthy(); }
    [[nodiscard]] bool behind() const override { return m_next.behind(); }

    /// `privacy_findings_total` by policy, rule and action, and whether the rule is a guardrail; none before the first finding.
    [[nodiscard]] std::vector<Gauge> counts() const;

private:
    using Name = std::tuple<std::string, std::string, std::string, bool>; ///< policy, rule, action, guardrail
    void count(const CallRecord &record);

    RecordSink &m_next;
    mutable std::mutex m_mutex;
    std::map<Name, std::uint64_t> m_found;
};

} // namespace gateway::telemetry
