// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_record.h"

namespace gateway {

std::string_view toText(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions: return "chat";
    case Endpoint::Completions: return "completions";
    case Endpoint::Embeddings: return "embeddings";
    case Endpoint::Models: return "models";
    case Endpoint::Other: return "other";
    }
    return "other";
}

std::string_view toText(CallStatus status)
{
    switch (status) {
    case CallStatus::Ok: return "ok";
    case CallStatus::Failed: return "failed";
    case CallStatus::Refused: return "refused";
    case CallStatus::Cut: return "cut";
    case CallStatus::Cancelled: return "cancelled";
    }
    return "failed";
}

} // namespace gateway
