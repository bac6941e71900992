// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/semantic_review.h"

namespace gateway {

std::string_view toText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Open: return "open";
    case Verdict::Right: return "right";
    case Verdict::Wrong: return "wrong";
    }
    return {};
}

std::optional<Verdict> verdictOf(std::string_view word)
{
    for (const Verdict verdict : {Verdict::Open, Verdict::Right, Verdict::Wrong}) {
        if (word == toText(verdict))
            return verdict;
    }
    return std::nullopt;
}

} // namespace gateway
