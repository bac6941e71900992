// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QHash>
#include <QString>

#include <functional>

/// How the parts of a provider's form change it, and what they are told of the check.
namespace ui::providers {

/// One intent, one undo step; steps of the same non-empty `merge` that follow one another become one.
using Edit = std::function<void(const QString &what, const std::function<void(gateway::config::Provider &)> &change, const QString &merge)>;

/// Problems of the shown provider by its field: "base_url", "breaker.failures", "headers.X-Org".
using FieldProblems = QHash<QString, QString>;

} // namespace ui::providers
