// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/header_rows.h"

#include "gateway/api/gateway.h"
#include "gateway/config/secret_values.h"
#include "ui/bridge/text.h"

#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::providers {

HeaderRows::HeaderRows(QWidget *parent)
    : PairRows(u"providers.headers"_s,
               {.add = tr("Add header"),
                .none = tr("None beside those that the kind needs."),
                .remove = tr("Remove header"),
                .name = tr("Header's name"),
                .nameExample = u"X-Organisation"_s,
                .value = tr("Header's value"),
                .valueExample = tr("value"),
                .twice = tr("There is a header of this name above. Only that one is sent."),
                .foldsCase = true},
               parent)
{
}

/// Hidden or open, by the name.
void HeaderRows::dress(Row &row)
{
    const bool secret = gateway::config::isSecretHeader(bridge::utf8(row.name->text().trimmed()));
    row.value->setEchoMode(secret ? QLineEdit::Password : QLineEdit::Normal);
    row.value->setAccessibleName(secret ? tr("Header's value, hidden") : tr("Header's value"));
    row.value->setPlaceholderText(!row.stored.empty() ? tr("•••••••• stored; type to replace it") : tr("value"));
}

bool HeaderRows::isHidden(const std::string &value) const { return gateway::api::Gateway::isMasked(value); }

} // namespace ui::providers
