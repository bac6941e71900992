// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/stage.h"

#include <memory>

namespace gateway::stages {

/// Lets calls out under their privacy policy (architecture.md, step 7): what goes on, and what is logged, is the scrubbed
/// request; answers are looked at and get their values back by the exchange's filters. The placeholders live as long as the
/// call. Calls without a policy go on at once.
class PrivacyAnswerer final : public pipeline::Answerer
{
public:
    explicit PrivacyAnswerer(std::unique_ptr<pipeline::Answerer> next) : m_next(std::move(next)) {}
    /// Errors: BlockedByPolicy, PolicyUnavailable, NotSupported (Realtime under a policy that changes something).
    pipeline::Task<Result<void>> answer(pipeline::Exchange &x) override;

private:
    pipeline::Task<Result<void>> answerUnderPolicy(pipeline::Exchange &x);

    std::unique_ptr<pipeline::Answerer> m_next;
};

} // namespace gateway::stages
