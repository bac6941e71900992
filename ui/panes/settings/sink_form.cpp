// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/sink_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/secret_line.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::settings {

using bridge::qt;
using bridge::utf8;
using gateway::config::LogSink;
using gateway::config::Secret;
using widgets::Button;
using widgets::Icon;

namespace {

enum Kind { Folder, Bucket };

constexpr std::array ofFolder {"folder"};
constexpr std::array ofBucket {"s3.bucket", "s3.prefix", "s3.endpoint", "s3.region", "s3.access_key_id", "s3.secret_access_key", "s3.session_token"};

bool isStored(const Secret &secret) { return gateway::api::Gateway::isMasked(secret.value); }

void showSecret(panes::SecretLine *field, const Secret &secret) { field->setSecret(qt(secret.value), isStored(secret)); }

/// What is typed, else what was there.
Secret typedOr(const QLineEdit *field, const Secret &stored)
{
    const QString typed = field->text().trimmed();
    return typed.isEmpty() ? stored : Secret {utf8(typed)};
}

} // namespace

SinkForm::SinkForm(gateway::api::Gateway &gateway, bridge::ViewContext &view, const LogSink *edited, QWidget *parent)
    : TelemetryForm(gateway, view, Icon::Folder, edited ? tr("Change log sink \"%1\"").arg(qt(edited->name)) : tr("New log sink"), u"settings.sinkForm"_s, parent), m_was(edited ? *edited : LogSink {}), m_name(new QLineEdit),
      m_folder(new QLineEdit), m_bucket(new QLineEdit), m_prefix(new QLineEdit), m_endpoint(new QLineEdit), m_region(new QLineEdit), m_kind(new widgets::SegmentedControl({tr("Folder"), tr("S3 bucket")})),
      m_keyId(new panes::SecretLine), m_secretKey(new panes::SecretLine), m_token(new panes::SecretLine), m_bodies(new QCheckBox(tr("What was asked and answered goes along, as it is logged"))), m_enabled(new QCheckBox(tr("On"))),
      m_every(new widgets::DurationField)
{
    setSubtitle(edited ? tr("It goes on from where it is. With another name it begins anew: with calls that end from then on.") : tr("Calls that end from now on are written there as lines of JSON, packed: a folder for each day."));
    layOut();
    fill();
    connectFields();
    showKind();
    m_name->setFocus();
}

void SinkForm::layOut()
{
    auto *folder = new QWidget;
    auto *row = new QHBoxLayout(folder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto *choose = Button::iconOnly(Icon::Folder, tr("Choose a folder"));
    choose->setObjectName(u"settings.sinkForm.choose"_s);
    connect(choose, &QPushButton::clicked, this, &SinkForm::chooseFolder);
    row->addWidget(m_folder, 1);
    row->addWidget(choose);
    m_folder->setObjectName(u"settings.sinkForm.path"_s);
    m_folder->setAccessibleName(tr("Folder"));
    m_kind->setAccessibleName(tr("Where to"));
    auto *kind = new QWidget; // a strip is as wide as its words
    auto *kindRow = new QHBoxLayout(kind);
    kindRow->setContentsMargins(0, 0, 0, 0);
    kindRow->addWidget(m_kind);
    kindRow->addStretch();
    addLine(tr("Name"), m_name, u"name"_s);
    addLine(tr("Where to"), kind, u"kind"_s);
    addLine(tr("Folder"), folder, u"folder"_s);
    addLine(tr("Bucket"), m_bucket, u"s3.bucket"_s);
    addLine(tr("Below"), m_prefix, u"s3.prefix"_s);
    addLine(tr("Address"), m_endpoint, u"s3.endpoint"_s);
    addLine(tr("Region"), m_region, u"s3.region"_s);
    addLine(tr("Access key's id"), m_keyId, u"s3.access_key_id"_s);
    addLine(tr("Secret key"), m_secretKey, u"s3.secret_access_key"_s);
    addLine(tr("Session token"), m_token, u"s3.session_token"_s);
    addLine(tr("At least every"), m_every, u"every"_s);
    addLine(tr("Content"), m_bodies, u"bodies"_s);
    addLine(tr("State"), m_enabled, u"enabled"_s);
    addButtons(m_was.name.empty() ? tr("Add sink") : tr("Save"));
    m_kind->setObjectName(u"settings.sinkForm.where"_s);
}

void SinkForm::fill()
{
    m_name->setText(qt(m_was.name));
    m_name->setPlaceholderText(tr("archive, lake…"));
    m_kind->setCurrent(m_was.s3.bucket.empty() ? Folder : Bucket);
    m_folder->setText(qt(m_was.folder));
    m_folder->setPlaceholderText(u"/var/log/signalbox"_s);
    m_bucket->setText(qt(m_was.s3.bucket));
    m_bucket->setPlaceholderText(u"signalbox-calls"_s);
    m_prefix->setText(qt(m_was.s3.prefix));
    m_prefix->setPlaceholderText(tr("the bucket itself; or gateway/one"));
    m_endpoint->setText(qt(m_was.s3.endpoint));
    m_endpoint->setPlaceholderText(tr("Amazon's of the region; or http://127.0.0.1:9000"));
    m_region->setText(qt(m_was.s3.region));
    for (QLineEdit *field : {m_folder, m_bucket, m_prefix, m_endpoint, m_region})
        field->setFont(widgets::monoFont(12));
    m_token->setNothing(tr("none; temporary keys have one"));
    showSecret(m_keyId, m_was.s3.accessKeyId);
    showSecret(m_secretKey, m_was.s3.secretAccessKey);
    showSecret(m_token, m_was.s3.sessionToken);
    m_every->setValue(m_was.every);
    m_every->setPlaceholderText(widgets::setting(LogSink {}.every));
    m_bodies->setChecked(m_was.bodies);
    m_enabled->setChecked(m_was.enabled);
}

void SinkForm::connectFields()
{
    for (QLineEdit *field : std::initializer_list<QLineEdit *> {m_name, m_folder, m_bucket, m_prefix, m_endpoint, m_region, m_keyId, m_secretKey, m_token})
        connect(field, &QLineEdit::textChanged, this, &SinkForm::edited);
    connect(m_every, &widgets::DurationField::valueChanged, this, &SinkForm::edited);
    connect(m_bodies, &QCheckBox::toggled, this, &SinkForm::edited);
    connect(m_enabled, &QCheckBox::toggled, this, &SinkForm::edited);
    connect(m_kind, &widgets::SegmentedControl::currentChanged, this, [this] {
        showKind();
        edited();
    });
}

void SinkForm::showKind()
{
    const bool bucket = m_kind->current() == Bucket;
    for (const char *line : ofFolder)
        setLineShown(QString::fromLatin1(line), !bucket);
    for (const char *line : ofBucket)
        setLineShown(QString::fromLatin1(line), bucket);
}

void SinkForm::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Where calls go"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

LogSink SinkForm::sink() const
{
    LogSink made {.name = utf8(m_name->text().trimmed()), .enabled = m_enabled->isChecked(), .bodies = m_bodies->isChecked(), .every = m_every->value().value_or(LogSink {}.every)};
    if (m_kind->current() == Folder) {
        made.folder = utf8(m_folder->text().trimmed());
        return made;
    }
    made.s3 = {.bucket = utf8(m_bucket->text().trimmed()), .prefix = utf8(m_prefix->text().trimmed()), .endpoint = utf8(m_endpoint->text().trimmed()), .region = utf8(m_region->text().trimmed())};
    made.s3.accessKeyId = typedOr(m_keyId, m_was.s3.accessKeyId);
    made.s3.secretAccessKey = typedOr(m_secretKey, m_was.s3.secretAccessKey);
    const bool sameKeys = m_secretKey->text().trimmed().isEmpty();
    made.s3.sessionToken = typedOr(m_token, sameKeys ? m_was.s3.sessionToken : Secret {}); // a token is of its key
    return made;
}

std::size_t SinkForm::placeIn(const Telemetry &telemetry) const
{
    const auto place = std::ranges::find_if(telemetry.sinks, [this](const LogSink &each) { return !m_was.name.empty() && each.name == m_was.name; });
    return static_cast<std::size_t>(place - telemetry.sinks.begin());
}

void SinkForm::write(Telemetry &telemetry) const
{
    const std::size_t place = placeIn(telemetry);
    if (place == telemetry.sinks.size())
        telemetry.sinks.push_back(sink());
    else
        telemetry.sinks[place] = sink();
}

QString SinkForm::prefix() const { return u"telemetry.sinks[%1]"_s.arg(placeIn(before())); }

QString SinkForm::doneWords() const
{
    return m_was.name.empty() ? tr("Log sink \"%1\" added").arg(m_name->text().trimmed()) : tr("Log sink \"%1\" changed").arg(qt(m_was.name));
}

QWidget *SinkForm::unreadable() const
{
    const QString every = m_every->text().trimmed();
    return every.isEmpty() || widgets::parseSetting(every) ? nullptr : m_every;
}

/// The one thing that can be: neither a folder nor a bucket is named.
QString SinkForm::lineOfWhole() const { return m_kind->current() == Bucket ? u"s3.bucket"_s : u"folder"_s; }

void SinkForm::showProblems(const QHash<QString, QString> &problems) { panes::markField(m_folder, problems.value(u"folder"_s)); }

} // namespace ui::settings
