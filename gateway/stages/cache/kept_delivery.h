// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"
#include "gateway/pipeline/http.h"
#include "gateway/wire/answer_delivery.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// How the caller wants its answer.
[[nodiscard]] wire::Delivery wantedDelivery(const pipeline::Exchange &x);

/// A kept answer as one caller gets it. `head` and `tail` are of the answer's own bytes where those serve, else of `made`.
struct KeptDelivery
{
    std::string made {};
    std::string_view head {}, tail {};
};
/// nullopt: it cannot be had in that form.
[[nodiscard]] std::optional<KeptDelivery> deliveryOf(const pipeline::Exchange &x, const CachedAnswer &answer);

/// Gives it, with all that the record and the headers say of it: no attempt, no cost, and not looked at again; but what was
/// taken out of this request comes back. False: it cannot be given, and nothing was.
/// @param similarity  of the two questions; nullopt: they are the same
pipeline::Task<bool> give(pipeline::Exchange &x, SharedAnswer answer, std::optional<double> similarity);

} // namespace gateway::stages
