// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/usual.h"

#include <algorithm>
#include <cmath>

namespace gateway {

double medianOf(std::vector<double> &values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

Usual usualOf(std::vector<double> values)
{
    Usual usual {.median = medianOf(values)};
    for (double &value : values)
        value = std::abs(value - usual.median);
    usual.deviation = normalSpread * medianOf(values);
    return usual;
}

} // namespace gateway
