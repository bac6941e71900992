// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/repricing.h"

namespace gateway {

void RepriceFigures::add(const RepriceFigures &other)
{
    looked += other.looked;
    changed += other.changed;
    firstPriced += other.firstPriced;
    unknown += other.unknown;
    before += other.before;
    after += other.after;
}

std::string_view toText(RepriceRun::State state)
{
    switch (state) {
    case RepriceRun::State::Running: return "running";
    case RepriceRun::State::Done: return "done";
    case RepriceRun::State::Dropping: return "dropping";
    }
    return {};
}

} // namespace gateway
