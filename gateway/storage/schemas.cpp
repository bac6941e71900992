// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/schemas.h"

#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage {

const Schema &callLogSchema()
{
    static const std::array<Migration, 17> steps {migrations::calls0001(), migrations::calls0002(), migrations::calls0003(), migrations::calls0004(), migrations::calls0005(), migrations::calls0006(),
                                                 migrations::calls0007(), migrations::calls0008(), migrations::calls0009(), migrations::calls0010(), migrations::calls0011(), migrations::calls0012(), migrations::calls0013(),
                                                 migrations::calls0014(), migrations::calls0015(), migrations::calls0016(), migrations::calls0017()};
    static const Schema schema {.what = "call log", .applicationId = 0x5342434c, .migrations = steps}; // "SBCL"
    return schema;
}

const Schema &configSchema()
{
    static const std::array<Migration, 7> steps {migrations::config0001(), migrations::config0002(), migrations::config0003(), migrations::config0004(), migrations::config0005(), migrations::config0006(),
                                                migrations::config0007()};
    static const Schema schema {.what = "configuration", .applicationId = 0x53424346, .migrations = steps}; // "SBCF"
    return schema;
}

} // namespace gateway::storage
