// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"

#include <string>
#include <string_view>

/// A call's request as its policy lets it on.
namespace gateway::stages {

[[nodiscard]] inline std::string_view contentTypeOf(const pipeline::Exchange &x)
{
    return findHeader(x.request.headers, "content-type").value_or("");
}

/// The request with another body of the same kind, which is read anew. Internal: it cannot be.
Result<> putBody(pipeline::Exchange &x, std::string body);

} // namespace gateway::stages
