// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace gateway::wire {

/// One visitor of several lambdas, for std::visit.
template <typename... Visits>
struct Overloaded : Visits...
{
    using Visits::operator()...;
};

} // namespace gateway::wire
