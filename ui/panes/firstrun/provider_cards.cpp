// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/provider_cards.h"

#include "ui/bridge/text.h"
#include "ui/panes/credential_form.h"
#include "ui/panes/form_row.h"
#include "ui/panes/kind_rows.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPainter>
#include <QSignalBlocker>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::firstrun {
namespace {

using bridge::qt;
using bridge::utf8;
using gateway::api::ProviderKindInfo;
using widgets::Icon;
using widgets::Label;

constexpr int sideWidth = 160; ///< of the boxes at the right

/// An icon of 20 px in the muted colour.
class Symbol final : public QWidget
{
public:
    explicit Symbol(Icon icon) : m_icon(icon) { setFixedSize(20, 20); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        widgets::paintIcon(&painter, m_icon, QRectF(1, 1, 18, 18), widgets::colorsOf(this).accent);
    }

private:
    Icon m_icon;
};

/// "127.0.0.1:11434" of "http://127.0.0.1:11434/v1"
QString placeOf(const std::string &baseUrl) { return QUrl(qt(baseUrl)).authority(); }

void fillModels(QComboBox *box, const std::vector<std::string> &models, const std::string &chosen)
{
    const QSignalBlocker quiet(box);
    box->clear();
    for (const std::string &model : models)
        box->addItem(qt(model));
    box->setCurrentText(qt(chosen));
}

} // namespace

LocalCard::LocalCard(const gateway::api::LocalProvider &found, QWidget *parent)
    : ProviderCard(u"firstrun."_s + qt(found.kind), tr("Test and use it"), parent), m_found(found), m_model(new QComboBox)
{
    radio()->setAccessibleName(tr("%1 on this machine").arg(qt(found.title)));
    auto *title = new Label(Label::Kind::Strong, tr("%1 is running here").arg(qt(found.title)));
    auto *place = new Label(Label::Kind::Mono);
    place->setRole(widgets::Role::Muted);
    const QString where = placeOf(found.baseUrl);
    place->setText(found.models.size() == 1 ? tr("%1, 1 model").arg(where) : tr("%1, %2 models").arg(where).arg(found.models.size()));
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(title);
    words->addWidget(place);
    m_model->setObjectName(objectName() + u".model"_s);
    m_model->setAccessibleName(tr("Model of %1").arg(qt(found.title)));
    m_model->setFixedWidth(sideWidth);
    fillModels(m_model, found.models, firstChatModel(found.models));
    m_model->setEnabled(!found.models.empty());
    row()->addWidget(new Symbol(Icon::Server));
    row()->addLayout(words, 1);
    row()->addWidget(m_model);
    connect(m_model, &QComboBox::currentTextChanged, this, [this] {
        radio()->setChecked(true);
        Q_EMIT changed();
    });
    showHint(tr("One real call shows whether it answers."));
}

ProviderChoice LocalCard::choice() const
{
    ProviderChoice choice;
    choice.provider.kind = m_found.kind;
    choice.provider.baseUrl = m_found.baseUrl;
    choice.model = utf8(m_model->currentText());
    return choice;
}

QString LocalCard::missing() const { return m_found.models.empty() ? tr("%1 has no model yet. Load one there, then look again.").arg(qt(m_found.title)) : QString(); }

void LocalCard::setModels(const std::vector<std::string> &models) { fillModels(m_model, models, firstChatModel(models)); }

PasteCard::PasteCard(const bridge::Kinds &kinds, QWidget *parent)
    : ProviderCard(u"firstrun.paste"_s, tr("Test and use it"), parent), m_kinds(kinds), m_key(new QLineEdit), m_below(new Label(Label::Kind::Body, tr("Fill in what it asks for:"))),
      m_kind(new QComboBox), m_more(new QWidget), m_credential(new panes::CredentialForm(objectName() + u".more"_s)), m_rows(new panes::KindRows(objectName() + u".more"_s, panes::KindRows::Show::Needed)),
      m_grid(new QGridLayout), m_urlLabel(new Label(Label::Kind::Field, tr("Base URL"))), m_url(new QLineEdit), m_model(new QComboBox)
{
    radio()->setAccessibleName(tr("Another provider"));
    setUpFields();
    connectFields();
    showKind();
    showHint(tr("One real call shows whether it works."));
}

void PasteCard::touched()
{
    radio()->setChecked(true);
    Q_EMIT changed();
}

void PasteCard::connectFields()
{
    connect(m_key, &QLineEdit::textEdited, this, [this](const QString &text) {
        guess(text);
        touched();
    });
    connect(m_kind, &QComboBox::activated, this, [this] {
        m_byHand = m_kind->currentIndex() > 0;
        guess(m_key->text());
        touched();
    });
    connect(m_credential, &panes::CredentialForm::edited, this, &PasteCard::touched);
    connect(m_credential, &panes::CredentialForm::accountGiven, this, [this](const QString &project) { m_rows->put("project", project); });
    connect(m_rows, &panes::KindRows::edited, this, &PasteCard::touched);
    connect(m_url, &QLineEdit::textEdited, this, &ProviderCard::changed);
    connect(m_model, &QComboBox::editTextChanged, this, &ProviderCard::changed);
}

void PasteCard::setUpFields()
{
    m_key->setObjectName(objectName() + u".key"_s);
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("Paste a provider key"));
    m_key->setAccessibleName(tr("Provider key"));
    m_kind->setObjectName(objectName() + u".kind"_s);
    m_kind->setAccessibleName(tr("Kind of provider"));
    m_kind->setFixedWidth(sideWidth);
    m_kind->addItem(tr("Detect"));
    for (const ProviderKindInfo &kind : m_kinds)
        m_kind->addItem(qt(kind.title), qt(kind.kind));
    m_kind->setMaxVisibleItems(20);
    m_url->setObjectName(objectName() + u".url"_s);
    m_url->setAccessibleName(tr("Base URL"));
    m_model->setObjectName(objectName() + u".model"_s);
    m_model->setAccessibleName(tr("Model"));
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    row()->addWidget(m_key, 1);
    row()->addWidget(m_below, 1);
    row()->addWidget(m_kind);

    auto *column = new QVBoxLayout(m_more);
    column->setContentsMargins(32, 0, 0, 0);
    column->setSpacing(8);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnStretch(1, 1);
    auto *modelLabel = new Label(Label::Kind::Field, tr("Model"));
    modelLabel->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_grid->addWidget(m_urlLabel, 0, 0);
    m_grid->addWidget(m_url, 0, 1);
    m_grid->addWidget(modelLabel, 1, 0);
    m_grid->addWidget(m_model, 1, 1);
    column->addWidget(m_credential);
    column->addWidget(m_rows);
    column->addLayout(m_grid);
    auto *note = new Label(Label::Kind::Secondary, tr("Kept encrypted on this machine. The kind is guessed from how the key begins; you can correct it."));
    note->setWordWrap(true);
    auto *noteRow = new QHBoxLayout;
    noteRow->setContentsMargins(32, 0, 0, 0);
    noteRow->addWidget(note);
    inside()->addWidget(m_more);
    inside()->addLayout(noteRow);
}

const ProviderKindInfo *PasteCard::kind() const { return bridge::kindInfo(m_kinds, utf8(m_kind->currentData().toString())); }

bool PasteCard::takesMore() const
{
    const ProviderKindInfo *now = kind();
    return now && (now->fields.ways.size() > 1 || std::ranges::any_of(now->fields.provider, &gateway::config::KindField::required));
}

void PasteCard::guess(const QString &text)
{
    const bridge::Pasted found = bridge::tellPasted(m_kinds, text);
    if (!m_byHand)
        m_kind->setCurrentIndex(found.kind ? m_kind->findData(qt(found.kind->kind)) : 0);
    showKind();
    if (!takesMore() || text.trimmed().isEmpty())
        return;
    m_key->clear(); // it has gone below
    m_credential->settle(kind()->fields, found.kind == kind() ? found.field : std::string_view("api_key"), text);
}

void PasteCard::showKind()
{
    const ProviderKindInfo *now = kind();
    const bool more = takesMore();
    m_more->setVisible(now != nullptr);
    m_key->setVisible(!more);
    m_below->setVisible(more);
    m_credential->setVisible(more);
    m_rows->setVisible(more);
    if (!now)
        return;
    m_credential->setKind(now->fields);
    m_rows->setKind(now);
    m_grid->setColumnMinimumWidth(0, more ? panes::dialogLabelWidth : 56);
    m_grid->setHorizontalSpacing(more ? 12 : 8);
    const bool ownUrl = !more && (now->defaultBaseUrl.empty() || now->local);
    m_urlLabel->setVisible(ownUrl);
    m_url->setVisible(ownUrl);
    m_url->setPlaceholderText(now->defaultBaseUrl.empty() ? u"https://llm.example.com/v1"_s : qt(now->defaultBaseUrl));
    m_model->lineEdit()->setPlaceholderText(now->exampleModel.empty() ? tr("the first that it lists") : qt(now->exampleModel));
    m_key->setPlaceholderText(now->needsKey ? tr("Paste a provider key") : tr("Key, where it needs one"));
}

ProviderChoice PasteCard::choice() const
{
    const ProviderKindInfo *now = kind();
    ProviderChoice choice;
    gateway::config::Credential credential;
    if (takesMore()) {
        choice.provider = m_rows->values();
        m_credential->fill(credential);
        if (!m_credential->empty())
            choice.provider.credentials.push_back(credential);
    } else if (const QString key = m_key->text().trimmed(); !key.isEmpty()) {
        credential.apiKey.value = utf8(key);
        choice.provider.credentials.push_back(credential);
    }
    choice.provider.kind = now ? now->kind : std::string();
    if (now && !takesMore() && (now->defaultBaseUrl.empty() || now->local))
        choice.provider.baseUrl = utf8(m_url->text().trimmed());
    if (now && choice.provider.baseUrl == now->defaultBaseUrl)
        choice.provider.baseUrl.clear();
    choice.model = utf8(m_model->currentText().trimmed());
    if (choice.model.empty() && now && now->needsKey)
        choice.model = now->exampleModel; // those that run anywhere have other models on each machine
    return choice;
}

QString PasteCard::missing() const
{
    const ProviderKindInfo *now = kind();
    if (!now)
        return m_key->text().trimmed().isEmpty() ? tr("Paste a key, or choose the kind of provider.") : tr("The key's beginning says nothing. Choose the kind of provider.");
    if (takesMore()) {
        for (const QString &problem : {m_credential->problem(), m_rows->problem()})
            if (!problem.isEmpty())
                return problem;
        for (const QString &title : {m_credential->missing(), m_rows->missing()})
            if (!title.isEmpty())
                return tr("%1 needs one thing more: %2.").arg(qt(now->title), title);
        return {};
    }
    if (now->needsKey && m_key->text().trimmed().isEmpty())
        return tr("%1 needs a key. Paste it above.").arg(qt(now->title));
    if (now->defaultBaseUrl.empty() && m_url->text().trimmed().isEmpty())
        return tr("Say where it is: the base URL is missing.");
    return {};
}

void PasteCard::setModels(const std::vector<std::string> &models)
{
    const std::string written = utf8(m_model->currentText().trimmed());
    fillModels(m_model, models, written.empty() ? firstChatModel(models) : written);
}

void PasteCard::clearKey()
{
    m_key->clear();
    m_credential->forget();
}

} // namespace ui::firstrun
