// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/stage.h"

namespace gateway::stages {

/// Gets a call answered: one attempt after another as routing decides, until one answers, the caller leaves, or nothing
/// is left to try (architecture.md, steps 9 to 11; faults.md).
class Attempts final : public pipeline::Answerer
{
public:
    pipeline::Task<Result<void>> answer(pipeline::Exchange &x) override;
};

} // namespace gateway::stages
