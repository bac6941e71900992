// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pair_rows.h"

#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::panes {

using namespace widgets;

PairRows::PairRows(const QString &prefix, Words words, QWidget *parent)
    : QWidget(parent), m_prefix(prefix), m_words(std::move(words)), m_column(new QVBoxLayout(this)), m_none(new Label(Label::Kind::Secondary, m_words.none)),
      m_add(new Button(Icon::Plus, m_words.add))
{
    m_add->setSmall(true);
    m_add->setObjectName(m_prefix + u".add"_s);
    m_none->setWordWrap(true);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(12);
    foot->addWidget(m_add, 0, Qt::AlignLeft);
    foot->addWidget(m_none, 1);
    m_column->addLayout(foot);
    connect(m_add, &QPushButton::clicked, this, [this] { addRow({}, {}).name->setFocus(); });
}

PairRows::Row &PairRows::addRow(const std::string &name, const std::string &value)
{
    Row row {new QWidget, new QLineEdit(bridge::qt(name)), new QLineEdit, {}};
    const auto at = m_rows.size();
    row.name->setObjectName(u"%1.name.%2"_s.arg(m_prefix).arg(at));
    row.value->setObjectName(u"%1.value.%2"_s.arg(m_prefix).arg(at));
    row.name->setFont(monoFont(12));
    row.value->setFont(monoFont(12));
    row.name->setPlaceholderText(m_words.nameExample);
    row.name->setAccessibleName(m_words.name);
    row.value->setPlaceholderText(m_words.valueExample);
    row.value->setAccessibleName(m_words.value);
    if (isHidden(value))
        row.stored = value;
    else
        row.value->setText(bridge::qt(value));
    auto *remove = Button::iconOnly(Icon::Trash, m_words.remove, nullptr, Button::Kind::Flat);
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

void PairRows::removeRow(QWidget *box)
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

QString PairRows::keyOf(const Row &row) const
{
    const QString name = row.name->text().trimmed();
    return m_words.foldsCase ? name.toLower() : name;
}

/// A map holds one value a name: the second of two rows would be lost.
void PairRows::tellDoubles()
{
    QStringList seen;
    for (const Row &row : std::as_const(m_rows)) {
        const QString key = keyOf(row);
        markField(row.name, !key.isEmpty() && seen.contains(key) ? m_words.twice : QString());
        seen << key;
    }
}

PairRows::Pairs PairRows::pairs() const
{
    Pairs all;
    QStringList seen;
    for (const Row &row : m_rows) {
        const QString key = keyOf(row);
        if (key.isEmpty() || seen.contains(key))
            continue;
        seen << key;
        all.emplace(bridge::utf8(row.name->text().trimmed()), row.stored.empty() ? bridge::utf8(row.value->text().trimmed()) : row.stored);
    }
    return all;
}

void PairRows::setPairs(const Pairs &wanted)
{
    if (pairs() == wanted)
        return;
    clear();
    for (const auto &[name, value] : wanted)
        addRow(name, value);
}

void PairRows::clear()
{
    for (const Row &row : std::as_const(m_rows))
        delete row.box;
    m_rows.clear();
    m_none->show();
}

void PairRows::setEditable(bool editable)
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

void PairRows::showProblems(const QHash<QString, QString> &problems, const QString &field)
{
    for (const Row &row : std::as_const(m_rows))
        markField(row.value, problems.value(u"%1.%2"_s.arg(field, row.name->text().trimmed())));
}

} // namespace ui::panes
