// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace ui::costs {

struct SqlSample
{
    QString name; ///< what it answers, as a person would ask
    QString text;
};

/// Five queries to begin with. They work on every log.
QList<SqlSample> sqlSamples();

} // namespace ui::costs
