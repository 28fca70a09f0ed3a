// Queues: the law beside the network that must obey it.
//   one server, Poisson arrivals   Pollaczek-Khinchine: Wq = rho (1 + cs^2) E[S] / (2 (1 - rho));
//                                  exponential service also P(W > t) = rho e^-(mu - lambda) t and
//                                  an exponential sojourn (Kleinrock 1975, vol. I, 3.2, 5.6)
//   c servers                      Erlang C (Kleinrock 1975, 3.5)
//   vacations                      Wq(PK) + E[V^2] / (2 E[V]) (Levy, Yechiali 1975)
//   any order that ignores sizes   sum rho_i Wq_i = rho W0 / (1 - rho) (Kleinrock 1976, vol. II,
//   3.4)
#include <cmath>
#include <cstdio>

#include "models/queueing/server.h"
#include "models/queueing/source.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/meter.h"
#include "scenarios/validation/queue_laws.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

using queueing::Server;
using queueing::ServerParams;
using queueing::Source;

void require_stable(double utilisation) {
  if (utilisation > 0 && utilisation < 1) return;
  throw ScenarioError("utilisation", "must be above 0 and below 1: the queue would grow for ever");
}

void check_service(const DelayDistribution& law, const std::string& path) {
  mezz::check(law, path);
  if (law.mean <= Duration::zero()) throw ScenarioError(path + ".mean", "must be > 0");
}

Duration interval_for(double utilisation, Duration service_mean, std::int64_t servers) {
  return duration_from_seconds(service_mean.seconds() /
                               (utilisation * static_cast<double>(servers)));
}

// An empty system forgets its start in about E[S] (1 + cs^2) / (1 - rho)^2; twenty times that.
std::int64_t warm_up(double utilisation, double cs2) {
  const double slack = 1 - utilisation;
  return static_cast<std::int64_t>(20 * (1 + cs2) / (slack * slack));
}

struct Network {
  World world;
  Ref<Meter> meter;

  Network(const Replication& r, const MeterParams& measuring)
      : world({.seed = r.seed, .replication = r.number}),
        meter(world.add<Meter>("meter", measuring)) {}
  const Meter& run() {
    world.start();
    world.run(Time::max());
    MEZZ_ASSERT(world.get(meter).full());
    return world.get(meter);
  }
};

// ---- one server -----------------------------------------------------------------------------

struct SingleServerParams {
  double utilisation = 0.8;
  DelayDistribution service = DelayDistribution::exponential(1_s);
  std::optional<DelayDistribution> vacation = {};
  Duration tail = 5_s;
  double tolerance = 0.01;
  Effort effort{.size = 250'000, .size_max = 20'000'000};

  void visit(auto& v) {
    v("utilisation", utilisation,
      {.doc = "Share of time the server is busy", .min = 0.0, .max = 1.0});
    v("service", service, {.doc = "Service time of an item"});
    v("vacation", vacation, {.doc = "The server leaves for so long whenever it finds no work"});
    v("tail", tail, {.doc = "Exponential service: P(wait > this) is compared too"});
    v("tolerance", tolerance, {.doc = "Of the mean wait, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: items of one replication"});
  }
};

class SingleServer final : public CaseOf<SingleServerParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double mu = 1 / params().service.mean.seconds();
    const double rho = params().utilisation;
    const double tolerance = params().tolerance;
    const double cs2 = squared_variation(params().service);
    double wait = pollaczek_khinchine(rho, params().service.mean.seconds(), cs2);
    if (params().vacation.has_value()) wait += residual(*params().vacation);
    std::vector<LawRow> rows{{"mean wait, s", wait, Comparison::Mean, tolerance, true}};
    if (!has_exponential_wait()) return rows;
    const double decay = mu * (1 - rho);
    char name[64];
    std::snprintf(name, sizeof name, "P(wait > %g s)", params().tail.seconds());
    rows.push_back({name, rho * std::exp(-decay * params().tail.seconds()), Comparison::Mean,
                    1.5 * tolerance, true});
    rows.push_back({"mean sojourn, s", 1 / decay, Comparison::Mean, tolerance, true});
    rows.push_back(
        {"p99 sojourn, s", std::log(100.0) / decay, Comparison::Mean, 2 * tolerance, true});
    return rows;
  }

  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const double cs2 = squared_variation(params().service);
    Network network(r, {.skip = warm_up(params().utilisation, cs2), .keep = r.size});
    ServerParams server{.service = params().service, .vacation = params().vacation};
    const Ref<Server> queue = network.world.add<Server>("server", server, network.meter);
    const Duration interval = interval_for(params().utilisation, params().service.mean, 1);
    network.world.add<Source>("source", {.interval = DelayDistribution::exponential(interval)},
                              queue);
    const Meter& meter = network.run();
    std::vector<double> values{moments(meter.waits()).mean};
    if (!has_exponential_wait()) return values;
    values.push_back(share_above(meter.waits(), params().tail));
    values.push_back(moments(meter.sojourns()).mean);
    values.push_back(quantile(meter.sojourns(), 0.99));
    return values;
  }

 private:
  void check() const override {
    require_stable(params().utilisation);
    check_service(params().service, "service");
    if (params().vacation.has_value()) check_service(*params().vacation, "vacation");
  }
  [[nodiscard]] bool has_exponential_wait() const {
    return params().service.kind == DelayKind::Exponential && !params().vacation.has_value();
  }
};

// ---- several servers ------------------------------------------------------------------------

struct MultiServerParams {
  std::int64_t servers = 2;
  double utilisation = 0.8;
  Duration service_mean = 1_s;
  double tolerance = 0.01;
  Effort effort{.size = 250'000, .size_max = 20'000'000};

  void visit(auto& v) {
    v("servers", servers, {.doc = "In parallel", .min = 1, .max = 10'000});
    v("utilisation", utilisation, {.doc = "Of each server", .min = 0.0, .max = 1.0});
    v("service_mean", service_mean, {.doc = "Exponential service", .min = 1_us});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: items of one replication"});
  }
};

class MultiServer final : public CaseOf<MultiServerParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const ErlangC erlang = erlang_c(params().servers, params().utilisation);
    const double wait = erlang.wait_in_services * params().service_mean.seconds();
    return {{"P(wait > 0)", erlang.waiting_share, Comparison::Mean, params().tolerance, true},
            {"mean wait, s", wait, Comparison::Mean, params().tolerance, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    Network network(
        r, {.skip = warm_up(params().utilisation, 1.0) + 10 * params().servers, .keep = r.size});
    const Ref<Server> queue = network.world.add<Server>(
        "server",
        {.servers = params().servers,
         .service = DelayDistribution::exponential(params().service_mean)},
        network.meter);
    const Duration interval =
        interval_for(params().utilisation, params().service_mean, params().servers);
    network.world.add<Source>("source", {.interval = DelayDistribution::exponential(interval)},
                              queue);
    const Meter& meter = network.run();
    return {share_above(meter.waits(), Duration::zero()), moments(meter.waits()).mean};
  }

 private:
  void check() const override { require_stable(params().utilisation); }
};

// ---- order of service -----------------------------------------------------------------------

struct ConservationParams {
  double urgent_utilisation = 0.3;
  double other_utilisation = 0.4;
  DelayDistribution urgent_service = DelayDistribution::constant(1_s);
  DelayDistribution other_service = DelayDistribution::exponential(2_s);
  double tolerance = 0.01;
  Effort effort{.size = 150'000, .size_max = 20'000'000};

  void visit(auto& v) {
    v("urgent_utilisation", urgent_utilisation,
      {.doc = "Load of the class that goes first", .min = 0.01, .max = 0.95});
    v("other_utilisation", other_utilisation,
      {.doc = "Load of the class that goes second", .min = 0.01, .max = 0.95});
    v("urgent_service", urgent_service, {.doc = "Service time of the first class"});
    v("other_service", other_service, {.doc = "Service time of the second class"});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: items of one replication"});
  }
};

class Conservation final : public CaseOf<ConservationParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double rho1 = params().urgent_utilisation;
    const double rho2 = params().other_utilisation;
    const double work =
        rho1 * residual(params().urgent_service) + rho2 * residual(params().other_service);
    const double sum = (rho1 + rho2) * work / (1 - rho1 - rho2);
    // Cobham 1954: the urgent class waits for the residual service and for its own kind only.
    const double urgent = work / (1 - rho1);
    const double t = params().tolerance;
    return {{"sum rho W, first come first served", sum, Comparison::Mean, t, true},
            {"sum rho W, urgent first", sum, Comparison::Mean, t, true},
            {"mean wait of the urgent, s", urgent, Comparison::Mean, t, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const Waits fifo = run(r, queueing::Discipline::Fifo);
    const Waits priority = run(r, queueing::Discipline::Priority);  // same arrivals
    return {fifo.sum, priority.sum, priority.urgent};
  }

 private:
  struct Waits {
    double sum = 0;
    double urgent = 0;
  };
  [[nodiscard]] Waits run(const Replication& r, queueing::Discipline discipline) const {
    const ConservationParams& p = params();
    Network network(
        r, {.skip = warm_up(p.urgent_utilisation + p.other_utilisation, 2.0), .keep = r.size});
    const Ref<Server> queue = network.world.add<Server>(
        "server",
        {.discipline = discipline, .service_by_priority = {p.urgent_service, p.other_service}},
        network.meter);
    const Duration urgent = interval_for(p.urgent_utilisation, p.urgent_service.mean, 1);
    const Duration other = interval_for(p.other_utilisation, p.other_service.mean, 1);
    network.world.add<Source>(
        "urgent", {.interval = DelayDistribution::exponential(urgent), .priority = 0}, queue);
    network.world.add<Source>(
        "other", {.interval = DelayDistribution::exponential(other), .priority = 1}, queue);
    const Meter& meter = network.run();
    double total[2] = {0, 0};
    double count[2] = {0, 0};
    for (std::size_t i = 0; i < meter.waits().size(); ++i) {
      total[meter.priorities()[i]] += meter.waits()[i].seconds();
      count[meter.priorities()[i]] += 1;
    }
    const double wait[2] = {total[0] / count[0], total[1] / count[1]};
    return {p.urgent_utilisation * wait[0] + p.other_utilisation * wait[1], wait[0]};
  }
  void check() const override {
    const ConservationParams& p = params();
    if (p.urgent_utilisation + p.other_utilisation >= 1) {
      throw ScenarioError("other_utilisation", "both loads together must stay below 1");
    }
    check_service(p.urgent_service, "urgent_service");
    check_service(p.other_service, "other_service");
  }
};

}  // namespace

std::unique_ptr<ValidationCase> single_server() { return make_case<SingleServer>(); }
std::unique_ptr<ValidationCase> multi_server() { return make_case<MultiServer>(); }
std::unique_ptr<ValidationCase> conservation() { return make_case<Conservation>(); }

}  // namespace mezz::validation
