// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway {

/// What was left out or changed on the way to a provider's format: told in `x-signalbox-dropped` and in the record.
struct Loss
{
    std::string what; ///< the caller's name for it: "logit_bias", "messages.3.content.1"
    std::string why;  ///< in words: "anthropic has no such parameter"
    bool operator==(const Loss &) const = default;
};

} // namespace gateway
