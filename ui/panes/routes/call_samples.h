// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"

#include <QList>
#include <QString>

/// Calls to begin with where one is to be explained. Pure.
namespace ui::routes {

/// A form in which programs ask, by whose interface it is.
struct CallForm
{
    gateway::Endpoint endpoint;
    const char *name;        ///< QT_TRANSLATE_NOOP("ui::routes", …)
};
/// Those that a route can be explained for; chat first.
const QList<CallForm> &callForms();

/// A short call in that form, over several lines.
QString sampleBody(gateway::Endpoint endpoint, const QString &model);
/// Whether the model stands in the address, not in the body.
bool namesModelInPath(gateway::Endpoint endpoint);

} // namespace ui::routes
