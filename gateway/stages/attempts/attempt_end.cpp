// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempt_end.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

AttemptEnd failedBy(const Error &error, std::string_view provider, int httpStatus)
{
    AttemptEnd end {.kind = AttemptEnd::Kind::Failed};
    end.failure.code = error.code;
    end.failure.httpStatus = httpStatus;
    end.failure.message = fmt::format("{}: {}", provider, error.message);
    return end;
}

AttemptEnd failedBy(wire::UpstreamError error, std::string_view provider)
{
    AttemptEnd end {.kind = AttemptEnd::Kind::Failed};
    end.failure.code = error.code;
    end.failure.httpStatus = error.httpStatus;
    end.failure.retryAfter = error.retryAfter;
    end.failure.shouldRetry = error.shouldRetry;
    end.failure.message = fmt::format("{}: {}", provider, error.toError().message);
    end.words = std::move(error);
    return end;
}

} // namespace gateway::stages
