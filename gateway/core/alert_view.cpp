// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/alert_view.h"

namespace gateway {

std::string_view toText(AlertState state)
{
    switch (state) {
    case AlertState::Ok: return "ok";
    case AlertState::Pending: return "pending";
    case AlertState::Firing: return "firing";
    }
    return {};
}

std::string_view toText(AlertWord word)
{
    switch (word) {
    case AlertWord::Fired: return "fired";
    case AlertWord::Reminder: return "reminder";
    case AlertWord::Resolved: return "resolved";
    case AlertWord::Test: return "test";
    }
    return {};
}

} // namespace gateway
