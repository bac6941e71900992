// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/header_rows.h"

#include "gateway/api/gateway.h"
#include "gateway/config/secret_values.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/form_row.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace widgets;

HeaderRows::HeaderRows(QWidget *parent)
    : QWidget(parent), m_column(new QVBoxLayout(this)), m_none(new Label(Label::Kind::Secondary, tr("None beside those that the kind needs."))), m_add(new Button(Icon::Plus, tr("Add header")))
{
    m_add->setSmall(true);
    m_add->setObjectName(u"providers.headers.add"_s);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(12);
    foot->addWidget(m_add);
    foot->addWidget(m_none, 1);
    m_column->addLayout(foot);
    connect(m_add, &QPushButton::clicked, this, [this] { addRow({}, {}).name->setFocus(); });
}

HeaderRows::Row &HeaderRows::addRow(const std::string &name, const std::string &value)
{
    Row row {new QWidget, new QLineEdit(bridge::qt(name)), new QLineEdit, {}};
    const auto at = m_rows.size();
    row.name->setObjectName(u"providers.headers.name.%1"_s.arg(at));
    row.value->setObjectName(u"providers.headers.value.%1"_s.arg(at));
    row.name->setFont(monoFont(12));
    row.value->setFont(monoFont(12));
    row.name->setPlaceholderText(u"X-Organisation"_s);
    row.name->setAccessibleName(tr("Header's name"));
    if (gateway::api::Gateway::isMasked(value))
        row.stored = value;
    else
        row.value->setText(bridge::qt(value));
    auto *remove = Button::iconOnly(Icon::Trash, tr("Remove header"), nullptr, Button::Kind::Flat);
    auto *line = new QHBoxLayout(row.box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(row.name, 2);
    line->addWidget(row.value, 3);
    line->addWidget(remove);
    m_rows << row;
    m_column->insertWidget(static_cast<int>(at), row.box);
    dress(m_rows.last());
    const auto mine = [this, box = row.box] { return std::ranges::find(m_rows, box, &Row::box); };
    connect(row.name, &QLineEdit::textEdited, this, [this, mine] {
        dress(*mine());
        tellDoubles();
        Q_EMIT edited();
    });
    connect(row.value, &QLineEdit::textEdited, this, [this, mine](const QString &) {
        mine()->stored.clear();
        dress(*mine());
        Q_EMIT edited();
    });
    connect(remove, &QPushButton::clicked, this, [this, box = row.box] { removeRow(box); });
    m_none->hide();
    setEditable(m_editable);
    return m_rows.last();
}

void HeaderRows::removeRow(QWidget *box)
{
    const auto gone = std::ranges::find(m_rows, box, &Row::box);
    if (gone == m_rows.end())
        return;
    gone->box->hide();
    gone->box->deleteLater(); // its own button is being clicked
    m_rows.erase(gone);
    m_none->setVisible(m_rows.isEmpty());
    m_add->setFocus();
    tellDoubles();
    Q_EMIT edited();
}

/// Hidden or open, by the name.
void HeaderRows::dress(Row &row)
{
    const bool secret = gateway::config::isSecretHeader(bridge::utf8(row.name->text().trimmed()));
    row.value->setEchoMode(secret ? QLineEdit::Password : QLineEdit::Normal);
    row.value->setAccessibleName(secret ? tr("Header's value, hidden") : tr("Header's value"));
    row.value->setPlaceholderText(!row.stored.empty() ? tr("•••••••• stored; type to replace it") : tr("value"));
}

/// A map holds one value a name, whatever its case: the second of two rows would be lost.
void HeaderRows::tellDoubles()
{
    QStringList seen;
    for (const Row &row : std::as_const(m_rows)) {
        const QString name = row.name->text().trimmed().toLower();
        markField(row.name, !name.isEmpty() && seen.contains(name) ? tr("There is a header of this name above. Only that one is sent.") : QString());
        seen << name;
    }
}

HeaderRows::Headers HeaderRows::headers() const
{
    Headers all;
    QStringList seen;
    for (const Row &row : m_rows) {
        const QString name = row.name->text().trimmed();
        if (name.isEmpty() || seen.contains(name.toLower()))
            continue;
        seen << name.toLower();
        all.emplace(bridge::utf8(name), row.stored.empty() ? bridge::utf8(row.value->text().trimmed()) : row.stored);
    }
    return all;
}

void HeaderRows::setHeaders(const Headers &wanted)
{
    if (headers() == wanted)
        return;
    clear();
    for (const auto &[name, value] : wanted)
        addRow(name, value);
}

void HeaderRows::clear()
{
    for (const Row &row : std::as_const(m_rows))
        delete row.box;
    m_rows.clear();
    m_none->show();
}

void HeaderRows::setEditable(bool editable)
{
    m_editable = editable;
    m_add->setEnabled(editable);
    for (const Row &row : std::as_const(m_rows)) {
        row.name->setReadOnly(!editable);
        row.value->setReadOnly(!editable);
        if (auto *remove = row.box->findChild<Button *>())
            remove->setEnabled(editable);
    }
}

void HeaderRows::showProblems(const FieldProblems &problems)
{
    for (const Row &row : std::as_const(m_rows))
        markField(row.value, problems.value(u"headers."_s + row.name->text().trimmed()));
}

} // namespace ui::providers
