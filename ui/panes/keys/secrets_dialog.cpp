// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/secrets_dialog.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/table_view.h"

#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHeaderView>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QShortcut>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Role;

constexpr int rowHeight = static_cast<int>(widgets::RowHeight::List);
constexpr int fewestRows = 3, mostRows = 9;
constexpr int nameWidth = 220;

} // namespace

SecretsDialog::SecretsDialog(const QString &title, const QString &summary, const std::vector<gateway::api::CreatedKey> &keys, QWidget *parent)
    : OnceDialog(u"keys.secrets"_s, {.title = title, .summary = summary, .copy = {}, .stored = tr("I have stored the keys")}, {}, parent), m_table(new widgets::TableView(widgets::RowHeight::List)),
      m_saved(new widgets::StateLabel)
{
    for (const gateway::api::CreatedKey &key : keys)
        m_keys.emplace_back(qt(key.key.name), qt(key.secret));
    setUpTable();
    setUpActions();
    addDone();
}

void SecretsDialog::setUpTable()
{
    auto *model = new QStandardItemModel(static_cast<int>(m_keys.size()), 2, this);
    model->setHorizontalHeaderLabels({tr("Key"), tr("New secret")});
    for (int row = 0; row < model->rowCount(); ++row) {
        const auto &[name, secret] = m_keys[static_cast<std::size_t>(row)];
        model->setData(model->index(row, 0), name);
        const QModelIndex cell = model->index(row, 1);
        model->setData(cell, secret);
        model->setData(cell, true, widgets::CellMono);
        model->setData(cell, tr("new secret, hidden"), Qt::AccessibleTextRole); // what is on the screen is not for tools that read along
    }
    m_table->setObjectName(u"keys.secrets.table"_s);
    m_table->setAccessibleName(tr("Keys with new secrets"));
    m_table->setModel(model);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setColumnWidths({nameWidth, 0});
    m_table->setEdgePadding(12);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rowHeight * std::clamp(model->rowCount(), fewestRows, mostRows) + 2);
    new QShortcut(QKeySequence::Copy, m_table, this, &SecretsDialog::copyChosen, Qt::WidgetShortcut);
    body()->addWidget(m_table);
}

void SecretsDialog::setUpActions()
{
    auto *copy = new widgets::CopyButton(tr("Copy all"), [this] {
        QStringList lines;
        for (const auto &[name, secret] : m_keys)
            lines << name + u'\t' + secret;
        return lines.join(u'\n');
    }, nullptr, Button::Kind::Primary);
    copy->setObjectName(u"keys.secrets.copy"_s);
    copy->button()->setToolTip(tr("Names and secrets, a line a key. Ctrl+C in the list copies the secrets of the chosen ones alone."));
    auto *save = new Button(Icon::Download, tr("Save…"));
    save->setObjectName(u"keys.secrets.save"_s);
    save->setToolTip(tr("As a CSV file that only you can read"));
    connect(save, &QPushButton::clicked, this, &SecretsDialog::chooseFile);
    m_saved->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(copy);
    row->addWidget(save);
    row->addWidget(m_saved, 1);
    body()->addLayout(row);
    copy->button()->setFocus();
}

void SecretsDialog::copyChosen()
{
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QStringList secrets;
    for (const QModelIndex &row : rows)
        secrets << m_keys[static_cast<std::size_t>(row.row())].second;
    if (!secrets.isEmpty())
        QGuiApplication::clipboard()->setText(secrets.join(u'\n'));
}

void SecretsDialog::chooseFile()
{
    widgets::askWhereToSave(this, {tr("Save the new secrets"), QDir::home().filePath(u"signalbox-keys.csv"_s), tr("Table (*.csv)")}, [this](const QString &path) { saveTo(path); });
}

void SecretsDialog::saveTo(const QString &path)
{
    QByteArray text = bridge::csvLine({u"name"_s, u"secret"_s});
    for (const auto &[name, secret] : m_keys)
        text += bridge::csvLine({name, secret});
    const QString problem = widgets::writeWhole(path, text, widgets::Readers::Owner);
    if (problem.isEmpty())
        m_saved->setState(Icon::Ok, Role::Ok, tr("Saved to %1").arg(QFileInfo(path).fileName()));
    else
        m_saved->setState(Icon::Error, Role::Err, problem);
}

} // namespace ui::keys
