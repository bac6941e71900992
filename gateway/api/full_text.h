// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/text_index_state.h"

#include <QObject>

namespace gateway::api {

using gateway::TextIndexState;

/// The index of the words of requests and answers, as the window sees it: a part of the facade, and a child object of the gateway
/// that it belongs to. It is switched on and off by the configuration (gateway.log.full_text).
class FullText : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static FullText *of(const Gateway &gateway) { return gateway.findChild<FullText *>(QString(), Qt::FindDirectChildrenOnly); }

    [[nodiscard]] virtual TextIndexState state() const = 0; ///< as it is now; quick
};

} // namespace gateway::api
