// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/secret_headers.h"

#include "gateway/api/gateway.h"

#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::settings {

SecretHeaders::SecretHeaders(const QString &prefix, QWidget *parent)
    : PairRows(prefix,
               {.add = tr("Add header"),
                .none = tr("None. Many collectors want a key in one."),
                .remove = tr("Remove header"),
                .name = tr("Header's name"),
                .nameExample = u"Authorization"_s,
                .value = tr("Header's value, hidden"),
                .valueExample = tr("value"),
                .twice = tr("There is a header of this name above. Only that one is sent."),
                .foldsCase = true},
               parent)
{
}

void SecretHeaders::dress(Row &row)
{
    row.value->setEchoMode(QLineEdit::PasswordEchoOnEdit);
    row.value->setPlaceholderText(row.stored.empty() ? tr("value") : tr("•••• stored; type to replace it"));
}

bool SecretHeaders::isHidden(const std::string &value) const { return gateway::api::Gateway::isMasked(value); }

} // namespace ui::settings
