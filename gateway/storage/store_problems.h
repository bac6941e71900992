// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway::storage {

/// What is not well, by its cause: that storing goes on says nothing of removing.
struct StoreProblems
{
    std::string storing, removing, settings;

    [[nodiscard]] std::string text() const
    {
        std::string all;
        for (const std::string *problem : {&storing, &removing, &settings}) {
            if (!problem->empty())
                all += (all.empty() ? "" : " ") + *problem;
        }
        return all;
    }
};

} // namespace gateway::storage
