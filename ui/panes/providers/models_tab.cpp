// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/models_tab.h"

#include "gateway/api/catalogue.h"
#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QStringListModel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

namespace {

using Price = std::optional<gateway::Money>;

Price ModelSettings::*memberOf(int column)
{
    switch (column) {
    case ModelsModel::Input: return &ModelSettings::inputPerMtok;
    case ModelsModel::Output: return &ModelSettings::outputPerMtok;
    case ModelsModel::Cached: return &ModelSettings::cachedInputPerMtok;
    default: return nullptr;
    }
}

bool saysPrices(const ModelSettings &model) { return model.inputPerMtok || model.outputPerMtok || model.cachedInputPerMtok; }

} // namespace

void ModelsModel::show(const Provider &provider, std::function<ModelSettings(const std::string &)> catalogue, bool editable)
{
    const bool sameRows = m_provider == provider.name && m_models.size() == provider.models.size();
    if (!sameRows)
        beginResetModel();
    m_provider = provider.name;
    m_models = provider.models;
    m_catalogue.clear();
    for (const ModelSettings &model : m_models)
        m_catalogue.push_back(catalogue(model.id));
    m_editable = editable;
    if (!sameRows)
        endResetModel();
    else if (!m_models.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int ModelsModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_models.size()); }
int ModelsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ModelsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((memberOf(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && memberOf(section))
        return tr("Dollars for a million tokens");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Id: return tr("Model");
    case Input: return tr("Input $/1M");
    case Output: return tr("Output $/1M");
    case Cached: return tr("Cached $/1M");
    default: return tr("Price from");
    }
}

QVariant ModelsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const ModelSettings &model = m_models[static_cast<std::size_t>(index.row())];
    const ModelSettings &listed = m_catalogue[static_cast<std::size_t>(index.row())];
    const auto member = memberOf(index.column());
    const Price own = member ? model.*member : Price {};
    switch (role) {
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case CellStrong: return index.column() == Id;
    case CellRoleColor: return (member && !own) || index.column() == Source ? QVariant(int(Role::Muted)) : QVariant();
    case Qt::EditRole: return member ? QVariant(own ? bridge::qt(own->toDecimal()) : QString()) : QVariant(bridge::qt(model.id));
    case Qt::ToolTipRole:
        return member && !own && listed.*member ? QVariant(tr("The catalogue's price. Double-click to set another.")) : QVariant();
    case Qt::DisplayRole:
        if (index.column() == Id)
            return bridge::qt(model.id);
        if (member) {
            const Price shown = own ? own : listed.*member;
            return shown ? u'$' + bridge::qt(shown->toDecimal()) : unknownText();
        }
        return saysPrices(model) ? tr("this provider") : saysPrices(listed) ? tr("catalogue") : tr("not known");
    default: return {};
    }
}

Qt::ItemFlags ModelsModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return m_editable && index.column() != Source ? flags | Qt::ItemIsEditable : flags;
}

bool ModelsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !index.isValid())
        return false;
    ModelSettings changed = m_models[static_cast<std::size_t>(index.row())];
    QString text = value.toString().trimmed();
    if (const auto member = memberOf(index.column())) {
        text.remove(u'$');
        Price price;
        if (!text.isEmpty()) {
            const auto parsed = gateway::Money::parse(bridge::utf8(text));
            if (!parsed || parsed->nanos() < 0)
                return false;
            price = *parsed;
        }
        changed.*member = price;
    } else if (text.isEmpty()) {
        return false;
    } else {
        changed.id = bridge::utf8(text);
    }
    Q_EMIT edited(index.row(), changed);
    return true;
}

ModelsTab::ModelsTab(QWidget *parent)
    : QWidget(parent), m_model(new ModelsModel(this)), m_table(new TableView(RowHeight::List)), m_new(new QLineEdit), m_add(new Button(Icon::Plus, tr("Add"))),
      m_ask(new Button(Icon::Refresh, tr("Ask the provider"))), m_remove(new Button(Icon::Trash, tr("Remove"))), m_offers(new QStringListModel(this))
{
    auto *card = new Card(tr("Models and prices"), tr("double-click a price to set your own; clear it to take the catalogue's"));
    m_remove->setSmall(true);
    m_remove->setObjectName(u"providers.models.remove"_s);
    card->addToHeader(m_remove);
    m_table->setObjectName(u"providers.models"_s);
    m_table->setAccessibleName(tr("Models and prices"));
    m_table->setModel(m_model);
    m_table->setColumnWidths({0, 104, 108, 112, 108});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_table->setRowLines(true);
    auto *none = new Label(Label::Kind::Secondary, tr("No model is named here: calls may ask for whatever the provider lists, at the catalogue's prices."));
    none->setWordWrap(true);
    none->setContentsMargins(12, 4, 12, 8);
    m_none = none;
    m_new->setObjectName(u"providers.models.new"_s);
    m_new->setPlaceholderText(tr("model’s name at the provider"));
    m_new->setAccessibleName(tr("Name of a model to add"));
    m_new->setMinimumHeight(28);
    auto *completer = new QCompleter(m_offers, this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_new->setCompleter(completer);
    m_add->setObjectName(u"providers.models.add"_s);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(8);
    row->addWidget(m_new, 1);
    row->addWidget(m_add);
    row->addWidget(m_ask);
    card->body()->addWidget(m_table, 1);
    card->body()->addWidget(m_none);
    card->body()->addWidget(new Divider(Qt::Horizontal));
    card->body()->addLayout(row);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->addWidget(card);
    const auto add = [this] {
        const QString name = m_new->text().trimmed();
        if (name.isEmpty())
            return;
        m_new->clear();
        Q_EMIT addWanted(name);
    };
    connect(m_add, &QPushButton::clicked, this, add);
    connect(m_new, &QLineEdit::returnPressed, this, add);
    connect(m_ask, &QPushButton::clicked, this, &ModelsTab::listWanted);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        if (m_table->currentIndex().isValid())
            Q_EMIT removeWanted(m_table->currentIndex().row());
    });
    connect(m_model, &ModelsModel::edited, this, &ModelsTab::edited);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) { m_remove->setEnabled(m_editable && current.isValid()); });
}

void ModelsTab::show(const Provider &provider, bool editable)
{
    m_editable = editable;
    m_model->show(provider, [&](const std::string &model) { return gateway::api::catalogueModel(provider.kind, model); }, editable);
    m_table->setVisible(m_model->rowCount() > 0);
    m_none->setVisible(m_model->rowCount() == 0);
    for (QWidget *widget : {static_cast<QWidget *>(m_new), static_cast<QWidget *>(m_add)})
        widget->setEnabled(editable);
    m_remove->setEnabled(editable && m_table->currentIndex().isValid());
}

void ModelsTab::offerModels(const QStringList &names)
{
    m_offers->setStringList(names);
    m_new->setFocus();
    m_new->completer()->setCompletionPrefix(m_new->text());
    m_new->completer()->complete();
}

} // namespace ui::providers
