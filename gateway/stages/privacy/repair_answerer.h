// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/stage.h"

#include <memory>

namespace gateway::stages {

/// Asks once more where the check of an answer wants another one (AnswerFilter::wantsAnother): a whole new round of attempts, which
/// the call pays for and records with those before. Beneath the cache, so that what is kept stands under what the caller
/// asked. Other calls pass.
class RepairAnswerer final : public pipeline::Answerer
{
public:
    explicit RepairAnswerer(std::unique_ptr<pipeline::Answerer> next) : m_next(std::move(next)) {}
    pipeline::Task<Result<void>> answer(pipeline::Exchange &x) override;

private:
    pipeline::Task<Result<void>> answerTwice(pipeline::Exchange &x);

    std::unique_ptr<pipeline::Answerer> m_next;
};

} // namespace gateway::stages
