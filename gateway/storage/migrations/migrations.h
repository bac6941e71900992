// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

/// One function a step, one file a step. A step that has landed is never edited: files out there have run it.
namespace gateway::storage::migrations {

Migration calls0001();
Migration calls0002();
Migration calls0003();
Migration calls0004();
Migration calls0005();
Migration calls0006();
Migration calls0007();
Migration calls0008();
Migration calls0009();
Migration calls0010();
Migration calls0011();
Migration calls0012();
Migration calls0013();
Migration calls0014();
Migration calls0015();
Migration calls0016();
Migration calls0017();
Migration config0001();
Migration config0002();
Migration config0003();
Migration config0004();
Migration config0005();
Migration config0006();
Migration config0007();

} // namespace gateway::storage::migrations
