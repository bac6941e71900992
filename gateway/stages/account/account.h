// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/pipeline/services.h"
#include "gateway/pipeline/stage.h"

#include <functional>

namespace gateway::stages {

/// Closes the books of a call, once: sums up usage and cost over its attempts, counts it in the worker's figures, and
/// hands its record to the log (architecture.md, steps 12 and 13). Records of callers that were not let in pass the
/// RefusalLimiter, so that nobody can fill the disk.
class Account final : public pipeline::Accountant
{
public:
    explicit Account(pipeline::Services &services) : m_services(services) {}
    void settle(pipeline::Exchange &x) noexcept override;
    pipeline::Task<void> settleDurably(pipeline::Exchange &x) override;
    [[nodiscard]] bool logBehind() const noexcept override { return m_services.records.behind(); }

private:
    pipeline::Task<void> waitForTheLog(pipeline::Exchange &x);
    /// @return whether the record went to the log
    bool close(pipeline::Exchange &x, std::move_only_function<void(bool)> onCommitted);

    pipeline::Services &m_services;
};

} // namespace gateway::stages
